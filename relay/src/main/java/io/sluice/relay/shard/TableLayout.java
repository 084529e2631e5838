package io.sluice.relay.shard;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How an outbox table is called, and which of its columns holds what. Tables made with the shipped
 * DDL have the {@link #STANDARD} layout; others, such as those made for Debezium's outbox event
 * router, are described by it.
 *
 * @param table its name
 * @param columns from the contract's column names to the table's own; contract columns that are
 *     missing here are not in the table
 * @param domain of all rows, where there is no domain column
 */
public record TableLayout(String table, Map<String, String> columns, Optional<EventDomain> domain) {

  /** Those without which a row cannot be published. */
  public static final List<String> MANDATORY =
      List.of(
          OutboxTable.ID,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.EVENT_DATA);

  /** Those the relay reads if they are there. */
  private static final List<String> OPTIONAL =
      List.of(
          OutboxTable.DOMAIN, OutboxTable.HEADERS, OutboxTable.MAX_RETRIES, OutboxTable.CREATED_AT);

  /** Those that say how far an event has come; either all are there or upkeep is not done. */
  private static final List<String> DELIVERY =
      List.of(
          OutboxTable.STATUS,
          OutboxTable.RETRY_COUNT,
          OutboxTable.LAST_ERROR,
          OutboxTable.UPDATED_AT,
          OutboxTable.PUBLISHED_AT);

  /** The shipped DDL's. */
  public static final TableLayout STANDARD =
      new TableLayout(OutboxTable.NAME, everyColumn(), Optional.empty());

  public TableLayout {
    columns = Map.copyOf(columns);
    for (String mandatory : MANDATORY) {
      if (!columns.containsKey(mandatory)) {
        throw new IllegalArgumentException(
            "column '%s' is not mapped: name the table's column that holds it"
                .formatted(mandatory));
      }
    }
    if (domain.isEmpty() && !columns.containsKey(OutboxTable.DOMAIN)) {
      throw new IllegalArgumentException(
          "no column is mapped to '%s': map one, or set the domain of all rows"
              .formatted(OutboxTable.DOMAIN));
    }
    long delivery = DELIVERY.stream().filter(columns::containsKey).count();
    if (delivery > 0
        && (delivery < DELIVERY.size() || !columns.containsKey(OutboxTable.CREATED_AT))) {
      throw new IllegalArgumentException(
          "of %s and %s all or none must be mapped: cleanup, sweep and marks need them all"
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

  /** Every column of the contract. */
  public static Set<String> known() {
    Set<String> known = new java.util.LinkedHashSet<>(MANDATORY);
    known.addAll(OPTIONAL);
    known.addAll(DELIVERY);
    return known;
  }

  /** The table's own name for a column of the contract, if it has it. */
  public Optional<String> column(String contractColumn) {
    return Optional.ofNullable(columns.get(contractColumn));
  }

  /** The table's columns that make up an event. */
  public List<String> eventColumns() {
    return java.util.stream.Stream.concat(MANDATORY.stream(), OPTIONAL.stream())
        .flatMap(column -> column(column).stream())
        .distinct()
        .toList();
  }

  /** Whether rows say how far they have come, so that they can be cleaned up and swept. */
  public boolean hasDelivery() {
    return columns.keySet().containsAll(DELIVERY) && columns.containsKey(OutboxTable.CREATED_AT);
  }
}
