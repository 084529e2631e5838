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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Reads and locks the selected failed events. Parked events are excluded, unless their head is no
 * longer FAILED: no redrive of the head would release them.
 */
final class FailedRows {

  // CONVERT lets the subquery use the primary key, whose character set is ascii.
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

  FailedRows(FailedEvents selection) {
    selection
        .criteria()
        .forEach(
            (criterion, value) -> {
              conditions.add(criterion.condition());
              values.add(value);
            });
    if (!selection.ids().isEmpty()) {
      conditions.add("e.id IN (" + placeholders(selection.ids()) + ")");
      values.addAll(selection.ids());
    }
  }

  /**
   * Excludes events that failed after a time of the shard's clock. A time far ahead of this clock
   * says nothing: a session in another time zone wrote it.
   */
  FailedRows(FailedEvents selection, String failedBy) {
    this(selection);
    conditions.add("(e.updated_at <= ? OR e.updated_at > UTC_TIMESTAMP(6) + INTERVAL 10 MINUTE)");
    values.add(failedBy);
  }

  /** Reads the next page in the order of ids, without locks. */
  List<WaitingRow> after(Connection connection, String id, int limit) throws SQLException {
    String query =
        FAILED.formatted("outbox_events_status", and("e.id > ?")) + "ORDER BY e.id LIMIT " + limit;
    return rows(connection, query, List.of(id));
  }

  /**
   * Locks the given events that still match the selection. Fails instead of waiting for a lock.
   *
   * @return the locked rows in the order of ids
   */
  List<WaitingRow> lock(Connection connection, Collection<String> ids) throws SQLException {
    String query =
        FAILED.formatted("PRIMARY", and("e.id IN (" + placeholders(ids) + ")"))
            + "ORDER BY e.id FOR UPDATE OF e NOWAIT";
    return rows(connection, query, ids);
  }

  private String and(String last) {
    List<String> all = new ArrayList<>(conditions);
    all.add(last);
    return " AND " + String.join(" AND ", all);
  }

  private List<WaitingRow> rows(Connection connection, String query, Collection<String> ids)
      throws SQLException {
    List<Object> all = new ArrayList<>(values);
    all.addAll(ids);
    return WaitingRow.query(connection, query, all);
  }

  /**
   * Finds out why an event cannot be redriven.
   *
   * @return the obstacle; empty if the event can be redriven
   */
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

  static String placeholders(Collection<?> values) {
    return String.join(", ", Collections.nCopies(values.size(), "?"));
  }
}
