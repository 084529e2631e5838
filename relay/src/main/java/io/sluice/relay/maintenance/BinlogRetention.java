package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How long a server keeps its binlog: by its settings, and by the files that it was seen to purge.
 * Cloud providers purge by rules of their own, which no setting shows. Used by one thread.
 */
final class BinlogRetention {

  /** Automatic purging can be switched off since MySQL 8.0.29. */
  private static final String SETTINGS =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('binlog_expire_logs_seconds', 'binlog_expire_logs_auto_purge')
      """;

  private static final String FIRST_EVER = ".000001";

  private String server = "";
  private List<String> files = List.of();
  private Optional<Duration> configured = Optional.empty();
  private Optional<Duration> observed = Optional.empty();

  /** By file: when it was last seen to be the newest. A file without an entry is older. */
  private final Map<String, Instant> lastWritten = new HashMap<>();

  /** Reads the settings and the files of a server. */
  void look(ShardSource source) throws SQLException {
    try (Connection connection = source.tables().get(0).connect(source.server());
        Statement statement = connection.createStatement()) {
      List<String> present = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery("SHOW BINARY LOGS")) {
        while (rows.next()) {
          present.add(rows.getString("Log_name"));
        }
      }
      Optional<Duration> setting = configured(statement);
      note(ServerIdentity.of(connection).uuid(), setting, present, Instant.now());
    }
  }

  /** A file is purged after this time since its last write; empty if that is switched off. */
  private static Optional<Duration> configured(Statement statement) throws SQLException {
    long seconds = 0;
    try (ResultSet rows = statement.executeQuery(SETTINGS)) {
      while (rows.next()) {
        if (rows.getString(1).endsWith("seconds")) {
          seconds = rows.getLong(2);
        } else if (rows.getString(2).equalsIgnoreCase("OFF")) {
          return Optional.empty();
        }
      }
    }
    return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
  }

  /**
   * Notes what a look has found.
   *
   * @param present the files, oldest first
   */
  void note(String uuid, Optional<Duration> setting, List<String> present, Instant now) {
    if (!uuid.equals(server)) {
      server = uuid;
      observed = Optional.empty();
      lastWritten.clear();
    }
    configured = setting;
    files = List.copyOf(present);
    lastWritten.entrySet().stream()
        .filter(file -> !files.contains(file.getKey()))
        .map(purged -> Duration.between(purged.getValue(), now))
        .min(Duration::compareTo)
        .ifPresent(age -> observed = Optional.of(age));
    lastWritten.keySet().retainAll(files);
    if (!files.isEmpty()) {
      lastWritten.put(files.get(files.size() - 1), now);
      // A file that is kept for longer shows that the purge seen was not the rule.
      Optional<Duration> oldest =
          Optional.ofNullable(lastWritten.get(files.get(0)))
              .map(written -> Duration.between(written, now));
      observed = observed.map(age -> oldest.filter(kept -> kept.compareTo(age) > 0).orElse(age));
    }
  }

  /** The shorter of the two times; empty if the server was not seen to purge anything. */
  Optional<Duration> kept() {
    return observed
        .map(seen -> configured.filter(set -> set.compareTo(seen) < 0).orElse(seen))
        .or(() -> configured);
  }

  /** Whether a file is the next to be purged: the oldest of several, others having gone before. */
  boolean isNext(String file) {
    return files.size() > 1 && files.get(0).equals(file) && !file.endsWith(FIRST_EVER);
  }
}
