package io.sluice.bench.events;

import java.util.List;

/**
 * Events that are numbered. Their domains and aggregates take turns.
 *
 * @param domains the domains
 * @param aggregates how many aggregates
 * @param first the number of the first event
 */
public record EventSeries(List<String> domains, int aggregates, long first) {

  /** All domains. */
  public static final List<String> DOMAINS =
      List.of("CHAT", "PORTFOLIO", "MARKET", "NOTIFICATION", "SIGNAL");

  /** What is written unless a measurement needs something else. */
  public static final EventSeries USUAL = new EventSeries(DOMAINS, 10_000, 0);

  private static final String INSERT =
      "INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,"
          + " event_data, created_at, updated_at) VALUES ";

  /** The same series from another number on. */
  public EventSeries from(long number) {
    return new EventSeries(domains, aggregates, number);
  }

  /** Appends a statement that inserts events. */
  void appendInsert(StringBuilder sql, long number, int count, String payload) {
    sql.append(INSERT);
    for (long n = number; n < number + count; n++) {
      sql.append(n == number ? "" : ",");
      appendValues(sql, EventId.of(n), n, payload);
    }
  }

  /** The statement that inserts a probe. */
  String insertOfProbe(String id) {
    StringBuilder sql = new StringBuilder(INSERT);
    appendValues(sql, id, 0, "{}");
    return sql.toString();
  }

  private void appendValues(StringBuilder sql, String id, long number, String payload) {
    sql.append("('")
        .append(id)
        .append("','")
        .append(domains.get((int) (number % domains.size())))
        .append("','order_created','order','")
        .append(number % aggregates)
        .append("','")
        .append(payload)
        .append("',UTC_TIMESTAMP(6),UTC_TIMESTAMP(6))");
  }
}
