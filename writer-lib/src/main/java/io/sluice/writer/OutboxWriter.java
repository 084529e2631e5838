package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes events on the caller's connection, as part of the caller's transaction: they are told to
 * the world if that transaction commits, and never otherwise.
 *
 * <p>A guest on that connection: it inserts, and never commits, rolls back, closes, or changes a
 * setting. Thread-safe; one for the whole application is enough.
 *
 * <pre>{@code
 * OutboxWriter outbox = new OutboxWriter();
 *
 * connection.setAutoCommit(false);
 * orders.insert(connection, order);
 * outbox.append(connection, OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
 *     .aggregate("order", order.id()).payload(order).build());
 * connection.commit();
 * }</pre>
 */
public final class OutboxWriter {

  /** Rows in one statement; beyond that the statement's text grows without making it faster. */
  private static final int MAX_ROWS = 1000;

  /**
   * Characters of payload in one statement beyond its first row, so that many large events stay
   * below {@code max_allowed_packet}, 64 MiB by default.
   */
  private static final long MAX_PAYLOAD = 4L << 20;

  private final PayloadText payloads;

  /** Serialises payload objects with Jackson and its defaults. */
  public OutboxWriter() {
    this(JacksonPayloadSerializer.withDefaults());
  }

  /** Serialises payload objects with the given serializer. */
  public OutboxWriter(PayloadSerializer serializer) {
    this.payloads = new PayloadText(serializer);
  }

  /** Like {@link #append(Connection, List)}. */
  public void append(Connection connection, OutboxEvent... events) {
    append(connection, List.of(events));
  }

  /**
   * Inserts the events, in this order, up to 1,000 or 4 MiB in one round trip. All payloads are
   * serialised before the first is inserted.
   *
   * <p>Whether an event's domain is published, and how large an event its topic takes, is the
   * relay's to know: register a new domain there before it is written.
   *
   * @throws TransactionRequiredException if the connection is in autocommit mode
   * @throws PayloadException if a payload is not JSON and cannot be made JSON
   * @throws EventInsertException if the database refuses; the transaction must then be rolled back
   */
  public void append(Connection connection, List<OutboxEvent> events) {
    List<OutboxEvent> all = List.copyOf(events);
    requireTransaction(connection, all);
    List<String> texts = all.stream().map(payloads::of).toList();
    int from = 0;
    while (from < all.size()) {
      int to = endOfStatement(texts, from);
      EventInsert.execute(connection, all.subList(from, to), texts.subList(from, to));
      from = to;
    }
  }

  private static int endOfStatement(List<String> texts, int from) {
    long payload = 0;
    int to = from;
    do {
      payload += texts.get(to).length();
      to++;
    } while (to < texts.size()
        && to - from < MAX_ROWS
        && payload + texts.get(to).length() <= MAX_PAYLOAD);
    return to;
  }

  private static void requireTransaction(Connection connection, List<OutboxEvent> events) {
    try {
      if (connection.getAutoCommit()) {
        throw new TransactionRequiredException();
      }
    } catch (SQLException e) {
      throw new EventInsertException(events, e);
    }
  }
}
