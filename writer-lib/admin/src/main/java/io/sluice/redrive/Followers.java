package io.sluice.redrive;

import io.sluice.redrive.WaitingRow.Aggregate;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds and locks the events that must follow failed events: those parked behind them, and the
 * unfinished events of their aggregates. Used for one transaction.
 *
 * <p>There is no index by aggregate, so a query scans all unfinished rows without locks. The rows
 * it finds are then locked by primary key and checked again.
 */
final class Followers {

  private static final int LOCKED_AT_ONCE = 500;

  private static final String WAITING =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (%s)\n"
          + """
          WHERE e.status IN ('PENDING', 'RETRY', 'FAILED') AND e.published_at IS NULL
            AND (e.domain, e.aggregate_type, e.aggregate_id) IN (%s)
          """;

  private static final String LOCKED =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (PRIMARY)\n"
          + """
          WHERE e.id IN (%s) AND e.status IN ('PENDING', 'RETRY', 'FAILED')
          FOR UPDATE NOWAIT
          """;

  private final Set<Aggregate> aggregates;
  private final Set<String> headIds;
  private final Set<String> taken = new HashSet<>();

  /**
   * Aggregates whose unfinished events must be redriven after the events that are redriven already.
   * This class compares aggregates itself, because the server's collation may ignore case.
   */
  private final Set<Aggregate> disturbed = new HashSet<>();

  /** A discarded event disturbs its aggregate only if events are parked behind it. */
  Followers(Operation operation, List<WaitingRow> heads) {
    this.aggregates = heads.stream().map(WaitingRow::aggregate).collect(Collectors.toSet());
    this.headIds = heads.stream().map(WaitingRow::head).collect(Collectors.toSet());
    heads.forEach(head -> taken.add(head.id()));
    if (operation == Operation.REDRIVE) {
      disturbed.addAll(aggregates);
    }
  }

  /**
   * Locks followers that no earlier call returned.
   *
   * @return empty if there are no more
   */
  List<WaitingRow> takeNew(Connection connection) throws SQLException {
    List<String> ids = select(waiting(connection)).stream().map(WaitingRow::id).toList();
    List<WaitingRow> locked = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += LOCKED_AT_ONCE) {
      List<String> some = ids.subList(from, Math.min(from + LOCKED_AT_ONCE, ids.size()));
      locked.addAll(
          WaitingRow.query(connection, LOCKED.formatted(FailedRows.placeholders(some)), some));
    }
    List<WaitingRow> found = select(locked);
    found.forEach(row -> taken.add(row.id()));
    return found;
  }

  private List<WaitingRow> select(List<WaitingRow> rows) {
    List<WaitingRow> own =
        rows.stream()
            .filter(row -> !taken.contains(row.id()))
            .filter(row -> !row.isFailed() || isParkedHere(row))
            .toList();
    own.stream().filter(WaitingRow::isFailed).forEach(row -> disturbed.add(row.aggregate()));
    return own.stream().filter(row -> disturbed.contains(row.aggregate())).toList();
  }

  private boolean isParkedHere(WaitingRow row) {
    return row.parked().isPresent() && headIds.contains(row.head());
  }

  private List<WaitingRow> waiting(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    for (Aggregate aggregate : aggregates) {
      names.addAll(List.of(aggregate.domain(), aggregate.type(), aggregate.id()));
    }
    String triples = aggregates.stream().map(any -> "(?, ?, ?)").collect(Collectors.joining(", "));
    return WaitingRow.query(connection, WAITING.formatted("outbox_events_status", triples), names);
  }
}
