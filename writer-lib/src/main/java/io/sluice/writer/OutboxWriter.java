package io.sluice.writer;

import io.sluice.outbox.Arguments;
import io.sluice.outbox.OutboxEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes events on the caller's connection, as part of the caller's transaction. They are published
 * if and only if that transaction commits.
 *
 * <p>The writer only inserts: it never commits, rolls back, closes the connection or changes its
 * settings. Thread-safe; one instance serves the whole application.
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

  /** Maximum rows of a statement. More rows make its text longer, but not faster. */
  private static final int MAX_ROWS = 1000;

  /**
   * Maximum bytes of payloads and headers of a statement with several rows. The statement has two
   * hexadecimal digits for each byte, and usually stays below a {@code max_allowed_packet} of 4
   * MiB. More bytes are not faster.
   */
  private static final long MAX_BYTES = 1L << 20;

  private final EventRows rows;
  private final EventSink sink;

  /** Serialises payload objects with Jackson's defaults, and adds no headers. */
  public OutboxWriter() {
    this(builder());
  }

  OutboxWriter(OutboxWriterBuilder from) {
    this.rows = from.rows();
    this.sink = from.sink();
  }

  /** Configures serializer, headers and limits. */
  public static OutboxWriterBuilder builder() {
    return new OutboxWriterBuilder();
  }

  /** Like {@link #append(Connection, List)}. */
  public void append(Connection connection, OutboxEvent... events) {
    append(connection, Arrays.asList(events));
  }

  /**
   * Inserts the events in this order, up to 1,000 events or 1 MiB in one round trip. All events are
   * checked and serialised before the first is inserted. The character set, SQL mode and time zone
   * of the connection do not change what is stored.
   *
   * <p>The writer does not know which domains the relay publishes: add a new domain to the relay's
   * configuration before you write its first event.
   *
   * @throws TransactionRequiredException if the connection is in autocommit mode
   * @throws PayloadException if a payload cannot be serialised, or is not valid JSON
   * @throws EventTooLargeException if an event exceeds the maximum size
   * @throws IllegalArgumentException if the connection, the list or an event is null, or the {@link
   *     HeaderSource} returns null or an invalid header
   * @throws EventInsertException if the database refuses the insert; the transaction must then be
   *     rolled back
   */
  public void append(Connection connection, List<OutboxEvent> events) {
    String call = "append(connection, events)";
    Arguments.required(call, "connection", connection);
    List<OutboxEvent> all = copy(call, events);
    requireTransaction(connection, all);
    List<EventRow> checked = all.stream().map(rows::of).toList();
    int from = 0;
    while (from < checked.size()) {
      int to = endOfStatement(checked, from);
      sink.insert(connection, checked.subList(from, to));
      from = to;
    }
  }

  /**
   * Copies the events of a call.
   *
   * @throws IllegalArgumentException if the list or an event is null
   */
  static List<OutboxEvent> copy(String call, List<OutboxEvent> events) {
    for (OutboxEvent event : Arguments.required(call, "events", events)) {
      Arguments.required(call, "an event", event);
    }
    return List.copyOf(events);
  }

  private static int endOfStatement(List<EventRow> rows, int from) {
    long bytes = 0;
    int to = from;
    do {
      bytes += rows.get(to).bytes();
      to++;
    } while (to < rows.size() && to - from < MAX_ROWS && bytes + rows.get(to).bytes() <= MAX_BYTES);
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
