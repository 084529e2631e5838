package io.sluice.relay.preflight;

import io.sluice.relay.mysql.ServerVersion;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The databases that a server writes to its binlog.
 *
 * @param only the only databases that are logged; empty for no restriction
 * @param never databases that are not logged, if {@code only} is empty
 */
record BinlogFilters(List<String> only, List<String> never) {

  private static final Pattern SEPARATOR = Pattern.compile(",");

  static BinlogFilters of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ServerVersion.of(connection).binlogStatus())) {
      // No row if the binlog is off, which ServerCheck reports.
      return row.next()
          ? parse(row.getString("Binlog_Do_DB"), row.getString("Binlog_Ignore_DB"))
          : new BinlogFilters(List.of(), List.of());
    }
  }

  static BinlogFilters parse(String only, String never) {
    return new BinlogFilters(names(only), names(never));
  }

  private static List<String> names(String list) {
    return SEPARATOR.splitAsStream(list).filter(name -> !name.isEmpty()).toList();
  }

  /** The finding if events of this table are not logged. */
  Optional<Finding> finding(ShardTable table) {
    String database = table.database();
    if (!only.isEmpty() && only.stream().noneMatch(database::equalsIgnoreCase)) {
      return Optional.of(
          Finding.error(
              "the server logs only %s, not %s (binlog-do-db)".formatted(only, database),
              "start the server with --binlog-do-db=%s too, or with none".formatted(database)));
    }
    if (only.isEmpty() && never.stream().anyMatch(database::equalsIgnoreCase)) {
      return Optional.of(
          Finding.error(
              "the server does not log %s (binlog-ignore-db)".formatted(database),
              "start the server without --binlog-ignore-db=%s".formatted(database)));
    }
    return Optional.empty();
  }
}
