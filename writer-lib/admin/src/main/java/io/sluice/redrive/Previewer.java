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
 * Counts the effects that a redrive would have in one shard. Reads the selected events, then all
 * unfinished events, then all events later than the first selected one. An instance is used once,
 * by one thread.
 *
 * <p>Each page is a transaction, so an ALTER TABLE waits for one page at most.
 */
final class Previewer {

  private static final int PAGE = 1_000;

  /** Maximum failed events whose aggregates are kept in memory. */
  private static final int MOST_HEADS = 100_000;

  private static final int MOST_LATER_ROWS = 200_000;
  private static final int MOST_EXAMPLES = 20;

  private static final String WAITING =
      "SELECT "
          + WaitingRow.COLUMNS
          + """
           FROM outbox_events AS e FORCE INDEX (outbox_events_status)
          WHERE e.status = ? AND e.published_at IS NULL AND e.id > ? ORDER BY e.id LIMIT ?""";

  private static final String LATER =
      """
      SELECT id, domain, aggregate_type, aggregate_id, status = 'PUBLISHED' AS published
      FROM outbox_events FORCE INDEX (PRIMARY) WHERE id > ? ORDER BY id LIMIT ?""";

  private final Connection connection;
  private final FailedRows failed;
  private final int mostLaterRows;

  private final Map<EventKind, Long> events = new TreeMap<>();
  private final Map<Aggregate, String> firstIds = new HashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> heads = new HashSet<>();
  private final Map<Aggregate, Example> overtaken = new HashMap<>();
  private long parked;
  private long unfinished;
  private Coverage coverage = Coverage.EVERYTHING;

  Previewer(Connection connection, FailedEvents selection) {
    this(connection, selection, MOST_LATER_ROWS);
  }

  Previewer(Connection connection, FailedEvents selection, int mostLaterRows) {
    this.connection = connection;
    this.failed = new FailedRows(selection);
    this.mostLaterRows = mostLaterRows;
  }

  ShardPreview preview() throws SQLException {
    readSelected();
    if (!ids.isEmpty()) {
      for (String status : List.of("PENDING", "RETRY", "FAILED")) {
        readWaiting(status);
      }
      readLater();
    }
    List<Example> examples =
        overtaken.values().stream()
            .sorted(Comparator.comparing(Example::failed))
            .limit(MOST_EXAMPLES)
            .toList();
    return new ShardPreview(
        events, parked, unfinished, new Overtaken(overtaken.size(), examples), coverage);
  }

  private void readSelected() throws SQLException {
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

  private void readWaiting(String status) throws SQLException {
    String last = "";
    List<WaitingRow> page;
    do {
      page = WaitingRow.query(connection, WAITING, List.of(status, last, PAGE));
      for (WaitingRow row : page) {
        last = row.id();
        countFollower(row);
      }
      connection.commit();
    } while (page.size() == PAGE);
  }

  private void countFollower(WaitingRow row) {
    if (ids.contains(row.id()) || !firstIds.containsKey(row.aggregate())) {
      return;
    }
    if (!row.isFailed()) {
      unfinished++;
    } else if (row.parked().isPresent() && heads.contains(row.head())) {
      parked++;
    }
  }

  private void readLater() throws SQLException {
    String last = firstIds.values().stream().min(String::compareTo).orElseThrow();
    int total = 0;
    int read;
    do {
      read = 0;
      try (PreparedStatement select = connection.prepareStatement(LATER)) {
        select.setString(1, last);
        select.setInt(2, Math.min(PAGE, mostLaterRows - total));
        try (ResultSet rows = select.executeQuery()) {
          for (; rows.next(); read++) {
            last = rows.getString("id");
            compare(rows, last);
          }
        }
      }
      connection.commit();
      total += read;
    } while (read == PAGE && total < mostLaterRows);
    if (total == mostLaterRows) {
      coverage = Coverage.PART;
    }
  }

  private void compare(ResultSet row, String id) throws SQLException {
    Aggregate aggregate = Aggregate.of(row);
    String firstFailed = firstIds.get(aggregate);
    if (firstFailed != null && row.getBoolean("published") && firstFailed.compareTo(id) < 0) {
      overtaken.putIfAbsent(
          aggregate, new Example(aggregate.type(), aggregate.id(), firstFailed, id));
    }
  }
}
