package io.sluice.relay.preflight;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a shard's outbox table. */
final class TableCheck {

  /**
   * The character sets whose characters the connector decodes as the server does. It takes others
   * for similar ones, such as koi8u for koi8r, and does not report it.
   */
  private static final Set<String> CHARSETS =
      Set.of(
          "utf8mb4",
          "utf8mb3",
          "utf8",
          "ucs2",
          "utf16",
          "utf16le",
          "utf32",
          "ascii",
          "latin1",
          "latin2",
          "latin5",
          "latin7",
          "cp850",
          "cp852",
          "cp1250",
          "cp1251",
          "cp1256",
          "cp1257",
          "koi8r",
          "tis620",
          "gb2312",
          "macce",
          "macroman");

  private TableCheck() {}

  static List<Finding> findings(Connection connection, ShardTable table) throws SQLException {
    Map<String, TableColumn> columns = new HashMap<>();
    TableColumn.of(connection, table)
        .forEach(column -> columns.put(column.name().toLowerCase(Locale.ROOT), column));
    if (columns.isEmpty()) {
      return List.of(
          Finding.error(
              "table %s does not exist, or the account may not see it".formatted(table.name()),
              "create it with the statement that 'sluice-relay ddl' prints, or correct the shard's database and table.name"));
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
      index(connection, table).ifPresent(findings::add);
    }
    return findings;
  }

  private static Optional<Finding> finding(
      ShardTable table, String contractColumn, String name, @Nullable TableColumn column) {
    if (column == null) {
      return Optional.of(
          Finding.error(
              "table %s lacks column '%s'".formatted(table.name(), name),
              "add it, with the type that 'sluice-relay ddl' prints"));
    }
    ColumnType type = ColumnType.of(contractColumn);
    if (!type.accepts(column, table.layout())) {
      return Optional.of(wrongType(table, type, contractColumn, column));
    }
    return type.isText() && !column.charset().isEmpty() && !CHARSETS.contains(column.charset())
        ? Optional.of(misread(table, contractColumn, column))
        : Optional.empty();
  }

  private static Finding misread(ShardTable table, String contractColumn, TableColumn column) {
    return Finding.error(
        "column '%s' of table %s has the character set %s, of which some characters in the binlog would be read as others"
            .formatted(column.name(), table.name(), column.charset()),
        "ALTER TABLE %s MODIFY `%s` %s CHARACTER SET utf8mb4 %s"
            .formatted(
                quoted(table),
                column.name(),
                column.definition(),
                contractColumn.equals(OutboxTable.HEADERS) ? "NULL" : "NOT NULL"));
  }

  private static Finding wrongType(
      ShardTable table, ColumnType type, String contractColumn, TableColumn column) {
    String problem =
        "column '%s' of table %s is of type %s, which cannot "
            .formatted(column.name(), table.name(), described(column));
    return switch (type) {
      case STATUS ->
          Finding.error(
              problem
                  + "hold all statuses, so rows could not be marked: PENDING, RETRY, PUBLISHED and FAILED",
              "ALTER TABLE %s MODIFY `%s` VARCHAR(16) NOT NULL DEFAULT 'PENDING'"
                  .formatted(quoted(table), column.name()));
      case ERROR ->
          Finding.error(
              problem
                  + "hold %d characters of an error, so rows could not be marked FAILED"
                      .formatted(OutboxTable.LAST_ERROR_LENGTH),
              "ALTER TABLE %s MODIFY `%s` %s NULL"
                  .formatted(quoted(table), column.name(), type.expected()));
      default ->
          Finding.error(problem + "be read as " + contractColumn, "make it " + type.expected());
    };
  }

  private static String described(TableColumn column) {
    return column.type().equals("enum") ? column.definition() : column.described();
  }

  private static String quoted(ShardTable table) {
    return "`%s`.`%s`".formatted(table.database(), table.layout().table());
  }

  /** Reconciliation and cleanup need the index; handlers and redrive also need its name. */
  private static Optional<Finding> index(Connection connection, ShardTable table)
      throws SQLException {
    Optional<String> index =
        TableIndex.name(connection, table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT);
    String name = quoted(table);
    if (index.isEmpty()) {
      return Optional.of(
          Finding.error(
              "table %s has no index that begins with (status, published_at): without it, reconciliation and cleanup would read the whole table"
                  .formatted(table.name()),
              "CREATE INDEX %s ON %s (`status`, `published_at`)"
                  .formatted(OutboxTable.STATUS_INDEX, name)));
    }
    return index
        .filter(other -> table.layout().table().equals(OutboxTable.NAME))
        .filter(other -> !other.equalsIgnoreCase(OutboxTable.STATUS_INDEX))
        .map(
            other ->
                Finding.warning(
                    "the index of table %s that begins with (status, published_at) is named '%s': handlers and redrive do not find it"
                        .formatted(table.name(), other),
                    "ALTER TABLE %s RENAME INDEX `%s` TO %s"
                        .formatted(name, other, OutboxTable.STATUS_INDEX)));
  }
}
