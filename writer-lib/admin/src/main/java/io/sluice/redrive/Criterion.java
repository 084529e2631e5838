package io.sluice.redrive;

/** Selects failed events by a condition on their row {@code e} that has one parameter. */
enum Criterion {
  DOMAIN("domain", isExactly("domain")),
  EVENT_TYPE("event type", isExactly("event_type")),
  AGGREGATE_TYPE("aggregate type", isExactly("aggregate_type")),
  AGGREGATE_ID("aggregate id", isExactly("aggregate_id")),
  ERROR("error", "LOCATE(%s, %s) > 0".formatted(utf8("?"), utf8("e.last_error"))),
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

  private static String isExactly(String column) {
    return utf8("e." + column) + " = " + utf8("?");
  }

  /** The bytes of a text, because collations ignore case, accents or trailing spaces. */
  private static String utf8(String text) {
    return "CAST(CONVERT(%s USING utf8mb4) AS BINARY)".formatted(text);
  }

  /** The name of the criterion in messages. */
  String title() {
    return title;
  }

  String condition() {
    return condition;
  }
}
