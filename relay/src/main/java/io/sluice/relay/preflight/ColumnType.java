package io.sluice.relay.preflight;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.TableColumn;
import io.sluice.relay.shard.TableLayout;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;

/** The types that the columns may have. */
enum ColumnType {
  ID("CHAR(36), or BINARY(16) in a table without the delivery columns"),
  NAME("VARCHAR(255)"),
  PAYLOAD("LONGTEXT, JSON or LONGBLOB"),
  HEADERS("JSON or LONGTEXT"),
  NUMBER("INT"),
  TIME("DATETIME(6) or TIMESTAMP(6)"),
  STATUS("VARCHAR(16)"),
  ERROR("VARCHAR(%d)".formatted(OutboxTable.LAST_ERROR_LENGTH));

  private static final int UUID_BYTES = 16;

  /** Maximum length of ids, which must fit into any record. */
  private static final int MAX_ID = 65_535;

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

  /** The type of a column of the contract. */
  static ColumnType of(String contractColumn) {
    return switch (contractColumn) {
      case OutboxTable.ID -> ID;
      case OutboxTable.DOMAIN,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID ->
          NAME;
      case OutboxTable.EVENT_DATA -> PAYLOAD;
      case OutboxTable.HEADERS -> HEADERS;
      case OutboxTable.MAX_RETRIES, OutboxTable.RETRY_COUNT -> NUMBER;
      case OutboxTable.CREATED_AT, OutboxTable.UPDATED_AT, OutboxTable.PUBLISHED_AT -> TIME;
      case OutboxTable.STATUS -> STATUS;
      case OutboxTable.LAST_ERROR -> ERROR;
      default -> throw new IllegalArgumentException("unknown column " + contractColumn);
    };
  }

  /** The expected type, for an operator. */
  String expected() {
    return expected;
  }

  /** Whether the relay reads text of any characters from the column. */
  boolean isText() {
    return switch (this) {
      case ID, NAME, PAYLOAD, HEADERS -> true;
      case NUMBER, TIME, STATUS, ERROR -> false;
    };
  }

  /** Whether the relay can use a column of this type. */
  boolean accepts(TableColumn column, TableLayout layout) {
    return switch (this) {
      case ID ->
          (TEXTS.contains(column.type()) && column.length() <= MAX_ID) || isUuid(column, layout);
      case NAME -> TEXTS.contains(column.type());
      case PAYLOAD ->
          TEXTS.contains(column.type())
              || BYTES.contains(column.type())
              || column.type().equals("json");
      case HEADERS -> TEXTS.contains(column.type()) || column.type().equals("json");
      case NUMBER -> INTEGERS.contains(column.type());
      case TIME -> TIMES.contains(column.type());
      case STATUS -> holdsStatuses(column);
      case ERROR ->
          TEXTS.contains(column.type()) && column.length() >= OutboxTable.LAST_ERROR_LENGTH;
    };
  }

  private static boolean holdsStatuses(TableColumn column) {
    Stream<String> statuses = Arrays.stream(OutboxStatus.values()).map(OutboxStatus::name);
    return column.type().equals("enum")
        ? statuses.allMatch(status -> column.definition().contains("'" + status + "'"))
        : TEXTS.contains(column.type())
            && statuses.allMatch(status -> column.length() >= status.length());
  }

  /** A table with the delivery columns has text ids. */
  private static boolean isUuid(TableColumn column, TableLayout layout) {
    return column.type().endsWith("binary")
        && column.length() == UUID_BYTES
        && !layout.hasDelivery();
  }
}
