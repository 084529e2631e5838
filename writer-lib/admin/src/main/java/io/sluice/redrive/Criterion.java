package io.sluice.redrive;

/** Selects failed events by a condition on their row {@code e} that has one parameter. */
enum Criterion {
  DOMAIN("domain", "e.domain = ?"),
  EVENT_TYPE("event type", "e.event_type = ?"),
  AGGREGATE_TYPE("aggregate type", "e.aggregate_type = ?"),
  AGGREGATE_ID("aggregate id", "e.aggregate_id = ?"),
  ERROR("error", "LOCATE(?, e.last_error) > 0"),
  FAILED_SINCE("failed since", "e.updated_at >= ?"),
  FAILED_BEFORE("failed before", "e.updated_at < ?"),
  CREATED_SINCE("created since", "e.created_at >= ?"),
  CREATED_BEFORE("created before", "e.created_at < ?");

  private final String title;
  private final String condition;

  Criterion(String title, String condition) {
    this.title = title;
    this.condition = condition;
  }

  /** The name of the criterion in messages. */
  String title() {
    return title;
  }

  String condition() {
    return condition;
  }
}
