package io.sluice.redrive;

import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.NotFailed;
import io.sluice.redrive.RedriveOutcome.NotFound;
import io.sluice.redrive.RedriveOutcome.Parked;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.repository.EventKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads and locks the failed events that are chosen. One that is parked is none of them, unless
 * what it waits for is not FAILED any more, so that nobody would release it otherwise.
 */
final class FailedRows {

  // Converted so that the lookup by id is one by the primary key, whose text is ascii.
  private static final String IS_HEAD =
      """
      (e.last_error IS NULL OR e.last_error NOT LIKE '%1$s%%'
        OR NOT EXISTS (SELECT 1 FROM outbox_events AS h
          WHERE h.id = CONVERT(SUBSTRING(e.last_error, %2$d) USING ascii) AND h.status = 'FAILED'))"""
          .formatted(ParkedBehind.PREFIX, ParkedBehind.PREFIX.length() + 1);

  private static final String FAILED =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (%s)\n"
          + "WHERE e.status = 'FAILED' AND e.published_at IS NULL AND "
          + IS_HEAD.replace("%", "%%")
          + "%s\n";

  private static final String STATE =
      "SELECT e.id, e.status, e.status = 'FAILED' AS failed, e.last_error, "
          + IS_HEAD
          + " AS is_head FROM outbox_events AS e\n"
          + "WHERE e.id = ?";

  private final List<String> conditions = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  /** Those an operator chose. */
  FailedRows(Selection chosen) {
    chosen
        .criteria()
        .forEach(
            (criterion, value) -> {
              conditions.add(criterion.condition());
              values.add(value);
            });
    if (!chosen.ids().isEmpty()) {
      conditions.add("e.id IN (" + places(chosen.ids()) + ")");
      values.addAll(chosen.ids());
    }
  }

  /** The same, as far as they had failed by then. */
  FailedRows(Selection chosen, LocalDateTime failedBy) {
    this(chosen);
    conditions.add("e.updated_at <= ?");
    values.add(failedBy);
  }

  /** The next of them by id, not locked. */
  List<WaitingRow> after(Connection connection, String id, int limit) throws SQLException {
    String query =
        FAILED.formatted("outbox_events_status", conditions("e.id > ?"))
            + "ORDER BY e.id LIMIT "
            + limit;
    return rows(connection, query, List.of(id));
  }

  /**
   * Those of these ids that are among them still, in the order of ids; they stay so until the
   * transaction ends. Does not wait for locks of others.
   */
  List<WaitingRow> lock(Connection connection, Collection<String> ids) throws SQLException {
    String query =
        FAILED.formatted("PRIMARY", conditions("e.id IN (" + places(ids) + ")"))
            + "ORDER BY e.id FOR UPDATE OF e NOWAIT";
    return rows(connection, query, ids);
  }

  private String conditions(String last) {
    List<String> all = new ArrayList<>(conditions);
    all.add(last);
    return " AND " + String.join(" AND ", all);
  }

  private List<WaitingRow> rows(Connection connection, String query, Collection<String> ids)
      throws SQLException {
    List<Object> all = new ArrayList<>(values);
    all.addAll(ids);
    try (PreparedStatement select = connection.prepareStatement(query)) {
      bind(select, all);
      try (ResultSet rows = select.executeQuery()) {
        List<WaitingRow> found = new ArrayList<>();
        while (rows.next()) {
          found.add(WaitingRow.of(rows));
        }
        return found;
      }
    }
  }

  /** Why an event is none that can be sent again; empty if it is one. */
  static Optional<PassedOver> obstacle(Connection connection, EventKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(STATE)) {
      select.setString(1, key.id());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? obstacle(key.shard(), row) : Optional.of(new NotFound());
      }
    }
  }

  private static Optional<PassedOver> obstacle(ShardId shard, ResultSet row) throws SQLException {
    if (!row.getBoolean("failed")) {
      return Optional.of(new NotFailed(row.getString("status")));
    }
    return row.getBoolean("is_head")
        ? Optional.empty()
        : ParkedBehind.of(row.getString("last_error"))
            .map(parked -> new Parked(new EventKey(shard, parked.head())));
  }

  static String places(Collection<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }

  static void bind(PreparedStatement statement, List<?> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      statement.setObject(i + 1, values.get(i));
    }
  }
}
