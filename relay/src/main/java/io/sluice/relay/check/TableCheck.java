package io.sluice.relay.check;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at a shard's outbox table and at what the relay may do with it. */
final class TableCheck {

  private static final String COLUMNS =
      "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?";

  /** Changes nothing, and tells whether the account might. */
  private static final String UPDATE = "UPDATE `%s` SET `%s` = `%s` WHERE FALSE";

  private static final String DELETE = "DELETE FROM `%s` WHERE FALSE";

  /** Table or column denied; read-only server, by one option or another. */
  private static final Set<Integer> NOT_ALLOWED = Set.of(1142, 1143, 1290, 1836);

  private TableCheck() {}

  static List<Finding> findings(Connection connection, ShardSource source, ShardTable table)
      throws SQLException {
    Set<String> columns = columns(connection, table);
    if (columns.isEmpty()) {
      return List.of(
          Finding.error(
              "table %s is not there or the account may not read it".formatted(table.name()),
              "create it with the DDL of sluice-writer, and "
                  + table.readGrant(source.server().login())));
    }
    List<Finding> findings = new ArrayList<>();
    for (String column : table.layout().columns().values()) {
      if (!columns.contains(column.toLowerCase(Locale.ROOT))) {
        findings.add(
            Finding.error(
                "table %s lacks column '%s'".formatted(table.name(), column),
                "add it, with the type of the shipped DDL"));
      }
    }
    if (findings.isEmpty() && table.layout().hasDelivery()) {
      checkUpkeep(connection, source, table, findings);
    }
    return findings;
  }

  private static Set<String> columns(Connection connection, ShardTable table) throws SQLException {
    Set<String> columns = new HashSet<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1).toLowerCase(Locale.ROOT));
        }
      }
    }
    return columns;
  }

  private static void checkUpkeep(
      Connection connection, ShardSource source, ShardTable table, List<Finding> findings)
      throws SQLException {
    String name = table.layout().table();
    String status = table.layout().column(OutboxTable.STATUS).orElseThrow();
    String grantee = source.server().login().username();
    if (!isAllowed(connection, UPDATE.formatted(name, status, status))) {
      findings.add(
          Finding.warning(
              "the account may not update %s, so rows set aside do not become FAILED"
                  .formatted(table.name()),
              "GRANT UPDATE ON `%s`.`%s` TO '%s'".formatted(table.database(), name, grantee)));
    }
    if (!isAllowed(connection, DELETE.formatted(name))) {
      findings.add(
          Finding.warning(
              "the account may not delete from %s, so nothing is cleaned up"
                  .formatted(table.name()),
              "GRANT DELETE ON `%s`.`%s` TO '%s'".formatted(table.database(), name, grantee)));
    }
  }

  private static boolean isAllowed(Connection connection, String statement) throws SQLException {
    try (PreparedStatement prepared = connection.prepareStatement(statement)) {
      prepared.executeUpdate();
      return true;
    } catch (SQLException e) {
      if (NOT_ALLOWED.contains(e.getErrorCode())) {
        return false;
      }
      throw e;
    }
  }
}
