package io.sluice.redrive;

import io.sluice.redrive.RedrivePreview.EventKind;
import io.sluice.redrive.ShardPreview.Coverage;
import io.sluice.redrive.ShardPreview.Example;
import io.sluice.redrive.ShardPreview.Overtaken;
import io.sluice.redrive.WaitingRow.Aggregate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks what a redrive would do in one shard: goes once through the failed events, once through all
 * that wait, and once through what is later than the first of them. Used once, by one thread.
 *
 * <p>Each page is a transaction of its own: whoever alters the table, and all that wait behind
 * that, wait for no more than one.
 */
final class Previewer {

  private static final int PAGE = 1_000;

  /** Of how many failed events the aggregates are kept in memory. */
  private static final int MOST_HEADS = 100_000;

  private static final int MOST_LATER_ROWS = 200_000;
  private static final int MOST_EXAMPLES = 20;

  private static final String WAITING =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (%s)\n"
          + """
          WHERE e.status = ? AND e.published_at IS NULL AND e.id > ? ORDER BY e.id LIMIT ?""";

  private static final String LATER =
      """
      SELECT id, domain, aggregate_type, aggregate_id, status = 'PUBLISHED' AS published
      FROM outbox_events FORCE INDEX (PRIMARY) WHERE id > ? ORDER BY id LIMIT ?""";

  private final Connection connection;
  private final Selection chosen;
  private final int mostLaterRows;

  private final Map<EventKind, Long> events = new TreeMap<>();
  private final Map<Aggregate, String> firstIds = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> heads = new HashSet<>();
  private final Map<Aggregate, Example> overtaken = new HashMap<>();
  private long parked;
  private long unfinished;
  private Coverage coverage = Coverage.EVERYTHING;

  Previewer(Connection connection, Selection chosen) {
    this(connection, chosen, MOST_LATER_ROWS);
  }

  Previewer(Connection connection, Selection chosen, int mostLaterRows) {
    this.connection = connection;
    this.chosen = chosen;
    this.mostLaterRows = mostLaterRows;
  }

  ShardPreview look() throws SQLException {
    lookAtChosen();
    if (!ids.isEmpty()) {
      for (String status : List.of("PENDING", "RETRY", "FAILED")) {
        lookAtWaiting(status);
      }
      lookAtLater();
    }
    List<Example> examples =
        overtaken.values().stream()
            .sorted(Comparator.comparing(Example::failed))
            .limit(MOST_EXAMPLES)
            .toList();
    return new ShardPreview(
        events, parked, unfinished, new Overtaken(overtaken.size(), examples), coverage);
  }

  private void lookAtChosen() throws SQLException {
    FailedRows failed = new FailedRows(chosen);
    String last = "";
    List<WaitingRow> page;
    do {
      page = failed.after(connection, last, PAGE);
      for (WaitingRow row : page) {
        last = row.id();
        events.merge(new EventKind(row.aggregate().domain(), row.eventType()), 1L, Long::sum);
        remember(row);
      }
      connection.commit();
    } while (page.size() == PAGE);
  }

  private void remember(WaitingRow row) {
    if (ids.size() == MOST_HEADS) {
      coverage = Coverage.PART;
      return;
    }
    ids.add(row.id());
    heads.add(row.head());
    firstIds.putIfAbsent(row.aggregate(), row.id());
  }

  private void lookAtWaiting(String status) throws SQLException {
    String last = "";
    int read;
    do {
      read = 0;
      try (PreparedStatement select =
          connection.prepareStatement(WAITING.formatted("outbox_events_status"))) {
        FailedRows.bind(select, List.of(status, last, PAGE));
        try (ResultSet rows = select.executeQuery()) {
          for (; rows.next(); read++) {
            WaitingRow row = WaitingRow.of(rows);
            last = row.id();
            count(row);
          }
        }
      }
      connection.commit();
    } while (read == PAGE);
  }

  private void count(WaitingRow row) {
    if (ids.contains(row.id()) || !firstIds.containsKey(row.aggregate())) {
      return;
    }
    if (!row.isFailed()) {
      unfinished++;
    } else if (row.parked().isPresent() && heads.contains(row.head())) {
      parked++;
    }
  }

  private void lookAtLater() throws SQLException {
    String last = firstIds.values().stream().min(String::compareTo).orElseThrow();
    int looked = 0;
    int read;
    do {
      read = 0;
      try (PreparedStatement select = connection.prepareStatement(LATER)) {
        FailedRows.bind(select, List.of(last, Math.min(PAGE, mostLaterRows - looked)));
        try (ResultSet rows = select.executeQuery()) {
          for (; rows.next(); read++) {
            last = rows.getString("id");
            compare(rows, last);
          }
        }
      }
      connection.commit();
      looked += read;
    } while (read == PAGE && looked < mostLaterRows);
    if (looked == mostLaterRows) {
      coverage = Coverage.PART;
    }
  }

  private void compare(ResultSet row, String id) throws SQLException {
    Aggregate aggregate =
        new Aggregate(
            row.getString("domain"),
            row.getString("aggregate_type"),
            row.getString("aggregate_id"));
    String failed = firstIds.get(aggregate);
    if (failed != null && row.getBoolean("published") && failed.compareTo(id) < 0) {
      overtaken.putIfAbsent(aggregate, new Example(aggregate.type(), aggregate.id(), failed, id));
    }
  }
}
