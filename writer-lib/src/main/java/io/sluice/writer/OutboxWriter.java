package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

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
   * Bytes of payload in one statement beyond its first row, so that many large events stay below
   * {@code max_allowed_packet}, 64 MiB by default.
   */
  private static final long MAX_PAYLOAD = 4L << 20;

  private final EventRows rows;
  private final EventSink sink;

  /** Serialises payload objects with Jackson and its defaults, and adds no headers. */
  public OutboxWriter() {
    this(builder());
  }

  OutboxWriter(OutboxWriterBuilder from) {
    this.rows = from.rows();
    this.sink = from.sink();
  }

  /** Begins a writer with a serializer, headers or limits of its own. */
  public static OutboxWriterBuilder builder() {
    return new OutboxWriterBuilder();
  }

  /** Like {@link #append(Connection, List)}. */
  public void append(Connection connection, OutboxEvent... events) {
    append(connection, List.of(events));
  }

  /**
   * Inserts the events, in this order, up to 1,000 or 4 MiB in one round trip. All of them are
   * checked and serialised before the first is inserted.
   *
   * <p>Whether an event's domain is published is the relay's to know: register a new domain there
   * before it is written.
   *
   * @throws TransactionRequiredException if the connection is in autocommit mode
   * @throws PayloadException if a payload cannot be serialised, or is not what it says it is
   * @throws EventTooLargeException if an event has more bytes than the writer lets through
   * @throws IllegalArgumentException if the {@link HeaderSource} gives a header no event can have
   * @throws EventInsertException if the database refuses; the transaction must then be rolled back
   */
  public void append(Connection connection, List<OutboxEvent> events) {
    Objects.requireNonNull(connection, "connection");
    List<OutboxEvent> all = List.copyOf(events);
    requireTransaction(connection, all);
    List<EventRow> checked = all.stream().map(rows::of).toList();
    int from = 0;
    while (from < checked.size()) {
      int to = endOfStatement(checked, from);
      sink.insert(connection, checked.subList(from, to));
      from = to;
    }
  }

  private static int endOfStatement(List<EventRow> rows, int from) {
    long payload = 0;
    int to = from;
    do {
      payload += EventRows.bytes(rows.get(to).payload());
      to++;
    } while (to < rows.size()
        && to - from < MAX_ROWS
        && payload + EventRows.bytes(rows.get(to).payload()) <= MAX_PAYLOAD);
    return to;
  }

  private static void requireTransaction(Connection connection, List<OutboxEvent> events) {
    try {
      if (connection.getAutoCommit()) {
        throw TransactionRequiredException.inAutocommitMode();
      }
    } catch (SQLException e) {
      throw new EventInsertException(events, e);
    }
  }
}
