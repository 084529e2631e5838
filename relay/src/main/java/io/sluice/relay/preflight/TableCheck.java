package io.sluice.relay.preflight;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a shard's outbox table and the relay's privileges on it. */
final class TableCheck {

  /** Changes nothing, but fails without the privilege. */
  private static final String UPDATE = "UPDATE `%s` SET status = status WHERE FALSE";

  private static final String DELETE = "DELETE FROM `%s` WHERE FALSE";

  /** Errors for a denied table or column and for a read-only server. */
  private static final Set<Integer> NOT_ALLOWED = Set.of(1142, 1143, 1290, 1836);

  private TableCheck() {}

  static List<Finding> findings(Connection connection, ShardSource source, ShardTable table)
      throws SQLException {
    Map<String, TableColumn> columns = new HashMap<>();
    TableColumn.of(connection, table)
        .forEach(column -> columns.put(column.name().toLowerCase(Locale.ROOT), column));
    if (columns.isEmpty()) {
      return List.of(
          Finding.error(
              "table %s does not exist or the account may not read it".formatted(table.name()),
              "create it with the DDL of sluice-writer, and "
                  + table.readGrant(source.server().login())));
    }
    List<Finding> findings = new ArrayList<>();
    table
        .layout()
        .columns()
        .forEach(
            (contractColumn, name) ->
                finding(table, contractColumn, name, columns.get(name.toLowerCase(Locale.ROOT)))
                    .ifPresent(findings::add));
    if (findings.isEmpty() && table.layout().hasDelivery()) {
      checkMaintenance(connection, source, table, findings);
    }
    return findings;
  }

  private static Optional<Finding> finding(
      ShardTable table, String contractColumn, String name, @Nullable TableColumn column) {
    if (column == null) {
      return Optional.of(
          Finding.error(
              "table %s lacks column '%s'".formatted(table.name(), name),
              "add it, with the type of the shipped DDL"));
    }
    return ColumnType.of(contractColumn)
        .filter(type -> !type.accepts(column, table.layout()))
        .map(
            type ->
                Finding.error(
                    "column '%s' of table %s is of type %s, which cannot be read as %s"
                        .formatted(name, table.name(), column.described(), contractColumn),
                    "make it " + type.expected()));
  }

  private static void checkMaintenance(
      Connection connection, ShardSource source, ShardTable table, List<Finding> findings)
      throws SQLException {
    String name = table.layout().table();
    if (!TableIndex.exists(connection, table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT)) {
      findings.add(missingIndex(table));
    }
    String grantee = source.server().login().username();
    if (!isAllowed(connection, UPDATE.formatted(name))) {
      findings.add(
          Finding.warning(
              "the account may not update %s, so quarantined rows are not marked FAILED"
                  .formatted(table.name()),
              "GRANT UPDATE ON `%s`.`%s` TO '%s'".formatted(table.database(), name, grantee)));
    }
    if (!isAllowed(connection, DELETE.formatted(name))) {
      findings.add(
          Finding.warning(
              "the account may not delete from %s, so cleanup does not work"
                  .formatted(table.name()),
              "GRANT DELETE ON `%s`.`%s` TO '%s'".formatted(table.database(), name, grantee)));
    }
  }

  private static Finding missingIndex(ShardTable table) {
    return Finding.error(
        "table %s has no index that begins with (status, published_at): without it, reconciliation and cleanup would read the whole table"
            .formatted(table.name()),
        "CREATE INDEX status_published_at ON `%s`.`%s` (`status`, `published_at`)"
            .formatted(table.database(), table.layout().table()));
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
