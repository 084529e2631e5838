package io.sluice.relay.shard;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The name of an outbox table and of its columns. A table with the shipped columns is relayed and
 * maintained. A table with other columns, such as one made for Debezium's outbox event router, is
 * relayed only.
 *
 * @param table its name
 * @param columns from the contract's column names to the table's; contract columns that are missing
 *     here are not in the table
 * @param domain of all rows, if there is no domain column
 */
public record TableLayout(String table, Map<String, String> columns, Optional<EventDomain> domain) {

  /** The columns without which a row cannot be published. */
  public static final List<String> MANDATORY =
      List.of(
          OutboxTable.ID,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.EVENT_DATA);

  /** The columns that the relay reads if they are there. */
  private static final List<String> OPTIONAL =
      List.of(
          OutboxTable.DOMAIN, OutboxTable.HEADERS, OutboxTable.MAX_RETRIES, OutboxTable.CREATED_AT);

  /** The columns that only tables with all shipped columns have. */
  private static final List<String> DELIVERY =
      List.of(
          OutboxTable.STATUS,
          OutboxTable.RETRY_COUNT,
          OutboxTable.LAST_ERROR,
          OutboxTable.UPDATED_AT,
          OutboxTable.PUBLISHED_AT);

  private static final Map<String, String> SHIPPED_COLUMNS =
      Stream.of(MANDATORY, OPTIONAL, DELIVERY)
          .flatMap(List::stream)
          .collect(Collectors.toUnmodifiableMap(column -> column, column -> column));

  /** The layout of the shipped DDL. */
  public static final TableLayout STANDARD = shipped(OutboxTable.NAME, Optional.empty());

  public TableLayout {
    columns = Map.copyOf(columns);
    if (!columns.equals(SHIPPED_COLUMNS)) {
      requireMappable(columns.keySet());
    }
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
  }

  private static void requireMappable(Set<String> columns) {
    if (DELIVERY.stream().anyMatch(columns::contains)) {
      throw new IllegalArgumentException(
          "%s cannot be mapped: only a table with all shipped columns is cleaned up and reconciled; leave them out if the table is only to be relayed, or leave out 'columns' if it has all shipped columns"
              .formatted(String.join(", ", DELIVERY)));
    }
    Set<String> mappable = new LinkedHashSet<>(MANDATORY);
    mappable.addAll(OPTIONAL);
    if (!mappable.containsAll(columns)) {
      throw new IllegalArgumentException(
          "only these columns can be mapped: " + String.join(", ", mappable));
    }
  }

  /** A table with the shipped columns. */
  public static TableLayout shipped(String table, Optional<EventDomain> domain) {
    return new TableLayout(table, SHIPPED_COLUMNS, domain);
  }

  /** The table's name for a column of the contract, if it has the column. */
  public Optional<String> column(String contractColumn) {
    return Optional.ofNullable(columns.get(contractColumn));
  }

  /** The table's columns that the relay reads for an event. */
  public List<String> eventColumns() {
    return Stream.of(MANDATORY, OPTIONAL, List.of(OutboxTable.STATUS))
        .flatMap(List::stream)
        .flatMap(column -> column(column).stream())
        .distinct()
        .toList();
  }

  /** Whether the rows have a status, so that they can be cleaned up and reconciled. */
  public boolean hasDelivery() {
    return columns.equals(SHIPPED_COLUMNS);
  }
}
