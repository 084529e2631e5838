package io.sluice.relay.shard;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Name of an outbox table and meaning of its columns. Tables that were created with the shipped DDL
 * have the {@link #STANDARD} layout. Other tables, such as those for Debezium's outbox event
 * router, have a configured layout.
 *
 * @param table name of the table
 * @param columns maps column names of the shipped DDL to those of the table; a column without an
 *     entry is not in the table
 * @param domain domain of all rows, if the table has no domain column
 */
public record TableLayout(String table, Map<String, String> columns, Optional<EventDomain> domain) {

  /** Columns without which a row cannot be published. */
  public static final List<String> MANDATORY =
      List.of(
          OutboxTable.ID,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.EVENT_DATA);

  /** Columns that the relay reads if the table has them. */
  private static final List<String> OPTIONAL =
      List.of(
          OutboxTable.DOMAIN, OutboxTable.HEADERS, OutboxTable.MAX_RETRIES, OutboxTable.CREATED_AT);

  /** Columns that contain the delivery status. Maintenance needs all of them. */
  private static final List<String> DELIVERY =
      List.of(
          OutboxTable.STATUS,
          OutboxTable.RETRY_COUNT,
          OutboxTable.LAST_ERROR,
          OutboxTable.UPDATED_AT,
          OutboxTable.PUBLISHED_AT);

  /** Layout of the shipped DDL. */
  public static final TableLayout STANDARD =
      new TableLayout(OutboxTable.NAME, everyColumn(), Optional.empty());

  public TableLayout {
    columns = Map.copyOf(columns);
    for (String mandatory : MANDATORY) {
      if (!columns.containsKey(mandatory)) {
        throw new IllegalArgumentException(
            "column '%s' is not mapped: name the table's column that contains it"
                .formatted(mandatory));
      }
    }
    if (domain.isEmpty() && !columns.containsKey(OutboxTable.DOMAIN)) {
      throw new IllegalArgumentException(
          "no column is mapped to '%s': map one, or set the domain of all rows"
              .formatted(OutboxTable.DOMAIN));
    }
    long mapped = DELIVERY.stream().filter(columns::containsKey).count();
    if (mapped > 0 && (mapped < DELIVERY.size() || !columns.containsKey(OutboxTable.CREATED_AT))) {
      throw new IllegalArgumentException(
          "map all or none of %s and %s: cleanup and reconciliation need all of them"
              .formatted(String.join(", ", DELIVERY), OutboxTable.CREATED_AT));
    }
    if (!columns.keySet().stream().allMatch(known()::contains)) {
      throw new IllegalArgumentException(
          "only these columns can be mapped: " + String.join(", ", known()));
    }
  }

  private static Map<String, String> everyColumn() {
    Map<String, String> all = new LinkedHashMap<>();
    known().forEach(column -> all.put(column, column));
    return all;
  }

  /** All columns of the shipped DDL. */
  public static Set<String> known() {
    Set<String> known = new LinkedHashSet<>(MANDATORY);
    known.addAll(OPTIONAL);
    known.addAll(DELIVERY);
    return known;
  }

  /** The table's name for a column of the shipped DDL, if the table has that column. */
  public Optional<String> column(String standardColumn) {
    return Optional.ofNullable(columns.get(standardColumn));
  }

  /** The table's columns that the relay reads for an event. */
  public List<String> eventColumns() {
    return Stream.concat(MANDATORY.stream(), OPTIONAL.stream())
        .flatMap(column -> column(column).stream())
        .distinct()
        .toList();
  }

  /** Whether rows have a delivery status, so that they can be cleaned up and reconciled. */
  public boolean hasDelivery() {
    return columns.keySet().containsAll(DELIVERY) && columns.containsKey(OutboxTable.CREATED_AT);
  }
}
