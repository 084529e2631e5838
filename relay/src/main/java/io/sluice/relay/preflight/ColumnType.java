package io.sluice.relay.preflight;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.shard.TableLayout;
import java.util.Optional;
import java.util.Set;

/** The types that the columns of an event may have. */
enum ColumnType {
  ID("CHAR(36), or BINARY(16) in a table without the delivery columns"),
  NAME("VARCHAR(255)"),
  PAYLOAD("LONGTEXT, JSON or LONGBLOB"),
  HEADERS("JSON or LONGTEXT"),
  NUMBER("INT"),
  TIME("DATETIME(6) or TIMESTAMP(6)");

  private static final int UUID_BYTES = 16;

  private static final Set<String> TEXTS =
      Set.of("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum");

  private static final Set<String> BYTES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");

  private static final Set<String> INTEGERS =
      Set.of("tinyint", "smallint", "mediumint", "int", "bigint");

  private static final Set<String> TIMES = Set.of("datetime", "timestamp");

  private final String expected;

  ColumnType(String expected) {
    this.expected = expected;
  }

  /** The type of a column of the contract; empty for the delivery columns. */
  static Optional<ColumnType> of(String contractColumn) {
    return switch (contractColumn) {
      case OutboxTable.ID -> Optional.of(ID);
      case OutboxTable.DOMAIN,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID ->
          Optional.of(NAME);
      case OutboxTable.EVENT_DATA -> Optional.of(PAYLOAD);
      case OutboxTable.HEADERS -> Optional.of(HEADERS);
      case OutboxTable.MAX_RETRIES -> Optional.of(NUMBER);
      case OutboxTable.CREATED_AT -> Optional.of(TIME);
      default -> Optional.empty();
    };
  }

  /** The expected type, for an operator. */
  String expected() {
    return expected;
  }

  /** Whether the relay can read a column of this type. */
  boolean accepts(TableColumn column, TableLayout layout) {
    return switch (this) {
      case ID -> TEXTS.contains(column.type()) || isUuid(column, layout);
      case NAME -> TEXTS.contains(column.type());
      case PAYLOAD ->
          TEXTS.contains(column.type())
              || BYTES.contains(column.type())
              || column.type().equals("json");
      case HEADERS -> TEXTS.contains(column.type()) || column.type().equals("json");
      case NUMBER -> INTEGERS.contains(column.type());
      case TIME -> TIMES.contains(column.type());
    };
  }

  /** A table with the delivery columns has text ids. */
  private static boolean isUuid(TableColumn column, TableLayout layout) {
    return column.type().endsWith("binary")
        && column.length() == UUID_BYTES
        && !layout.hasDelivery();
  }
}
