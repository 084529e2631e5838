package io.sluice.redrive;

import io.sluice.outbox.ParkedBehind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/**
 * A row of an event that no handler has succeeded with, as far as redriving is concerned with it.
 *
 * @param id as it stands in the row
 * @param aggregate within which it has its order
 * @param eventType for reports
 * @param isFailed for good; else it is PENDING or RETRY
 * @param parked if it failed because of another
 */
record WaitingRow(
    String id,
    Aggregate aggregate,
    String eventType,
    boolean isFailed,
    Optional<ParkedBehind> parked) {

  /** How it is read. The server tells the status, for it found the row by it, however it reads. */
  static final String COLUMNS =
      """
      e.id, e.domain, e.aggregate_type, e.aggregate_id, e.event_type, e.status = 'FAILED' AS failed,
        e.last_error""";

  public WaitingRow {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(aggregate, "aggregate");
    Objects.requireNonNull(eventType, "eventType");
    Objects.requireNonNull(parked, "parked");
  }

  /** Within which events have an order. The domain is text: an unknown one may have failed too. */
  record Aggregate(String domain, String type, String id) {
    public Aggregate {
      Objects.requireNonNull(domain, "domain");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(id, "id");
    }
  }

  static WaitingRow of(ResultSet row) throws SQLException {
    boolean failed = row.getBoolean("failed");
    return new WaitingRow(
        row.getString("id"),
        new Aggregate(
            row.getString("domain"),
            row.getString("aggregate_type"),
            row.getString("aggregate_id")),
        row.getString("event_type"),
        failed,
        failed ? ParkedBehind.of(row.getString("last_error")) : Optional.empty());
  }

  /** The event that has to go first: the one it is parked behind, or itself. */
  String head() {
    return parked.map(ParkedBehind::head).orElse(id);
  }
}
