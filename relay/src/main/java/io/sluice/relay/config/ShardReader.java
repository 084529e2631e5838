package io.sluice.relay.config;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.Secret;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardSource.Login;
import io.sluice.relay.shard.TlsMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the {@code shards} list. */
final class ShardReader {

  private static final ShardId UNNAMED = ShardId.of("unnamed");
  private static final int MYSQL_PORT = 3306;
  private static final long MAX_SERVER_ID = 0xFFFF_FFFFL;

  /** What MySQL allows unquoted, without the letters that would need care in every tool. */
  private static final Pattern DATABASE = Pattern.compile("[A-Za-z0-9_$-]{1,64}");

  private ShardReader() {}

  static List<ShardSource> read(Section root) {
    List<ShardSource> shards = new ArrayList<>();
    Map<String, String> ids = new HashMap<>();
    Map<String, String> servers = new HashMap<>();
    Map<String, String> databases = new HashMap<>();
    for (Section section : root.sections("shards")) {
      ShardSource shard = shard(section);
      shards.add(shard);
      refuseTwice(section, "id", shard.id().value(), ids);
      String replica = "%d on %s:%d".formatted(shard.serverId(), shard.host(), shard.port());
      refuseTwice(section, "server-id", replica, servers);
      refuseTwice(section, "database", shard.address(), databases);
    }
    if (!root.has("shards")) {
      root.problem("shards", "is missing: name at least one shard");
    }
    return shards;
  }

  private static ShardSource shard(Section section) {
    ShardSource shard =
        new ShardSource(
            section.value("id", UNNAMED, ShardId::of),
            section.text("host"),
            (int) section.number("port", MYSQL_PORT, 1, 65_535),
            section.value("database", "", ShardReader::database),
            new Login(section.text("username"), new Secret(section.text("password"))),
            section.number("server-id", 0, 1, MAX_SERVER_ID),
            section.value("tls", TlsMode.VERIFY_IDENTITY, ShardReader::tls));
    requireSet(section, "id");
    requireSet(section, "database");
    requireSet(section, "server-id");
    section.end();
    return shard;
  }

  private static void requireSet(Section section, String setting) {
    if (!section.has(setting)) {
      section.problem(setting, "is missing: set it");
    }
  }

  private static String database(String name) {
    if (!DATABASE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' must be a database name of the form %s".formatted(name, DATABASE));
    }
    return name;
  }

  private static TlsMode tls(String name) {
    return switch (name) {
      case "disabled" -> TlsMode.DISABLED;
      case "verify-identity" -> TlsMode.VERIFY_IDENTITY;
      default ->
          throw new IllegalArgumentException(
              "'%s' must be verify-identity or disabled".formatted(name));
    };
  }

  private static void refuseTwice(
      Section section, String setting, String value, Map<String, String> seen) {
    String first = seen.putIfAbsent(value, section.name(setting));
    if (first != null) {
      section.problem(
          setting, "%s is the same as %s: each shard needs its own".formatted(value, first));
    }
  }
}
