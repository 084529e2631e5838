package io.sluice.redrive;

import io.sluice.outbox.ParkedBehind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The columns that a redrive needs of an event that no handler has finished.
 *
 * @param id as stored
 * @param aggregate the scope within which events are ordered
 * @param eventType for reports
 * @param isFailed whether it is FAILED; otherwise it is PENDING or RETRY
 * @param parked the event that it is parked behind, if any
 */
record WaitingRow(
    String id,
    Aggregate aggregate,
    String eventType,
    boolean isFailed,
    Optional<ParkedBehind> parked) {

  /** The server compares the status, because the column's collation may ignore case or padding. */
  static final String COLUMNS =
      """
      e.id, e.domain, e.aggregate_type, e.aggregate_id, e.event_type, e.status = 'FAILED' AS failed,
        e.last_error""";

  WaitingRow {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(aggregate, "aggregate");
    Objects.requireNonNull(eventType, "eventType");
    Objects.requireNonNull(parked, "parked");
  }

  /** The scope of order. The domain is text, because it may be an invalid name. */
  record Aggregate(String domain, String type, String id) {
    Aggregate {
      Objects.requireNonNull(domain, "domain");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(id, "id");
    }

    static Aggregate of(ResultSet row) throws SQLException {
      return new Aggregate(
          row.getString("domain"), row.getString("aggregate_type"), row.getString("aggregate_id"));
    }
  }

  /** Runs a query that selects {@link #COLUMNS}. */
  static List<WaitingRow> query(Connection connection, String query, List<?> values)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query)) {
      for (int i = 0; i < values.size(); i++) {
        select.setObject(i + 1, values.get(i));
      }
      try (ResultSet rows = select.executeQuery()) {
        List<WaitingRow> found = new ArrayList<>();
        while (rows.next()) {
          found.add(of(rows));
        }
        return found;
      }
    }
  }

  private static WaitingRow of(ResultSet row) throws SQLException {
    boolean failed = row.getBoolean("failed");
    return new WaitingRow(
        row.getString("id"),
        Aggregate.of(row),
        row.getString("event_type"),
        failed,
        failed ? ParkedBehind.of(row.getString("last_error")) : Optional.empty());
  }

  /** The id of the head: of the event that this event is parked behind, or of this event itself. */
  String head() {
    return parked.map(ParkedBehind::head).orElse(id);
  }
}
