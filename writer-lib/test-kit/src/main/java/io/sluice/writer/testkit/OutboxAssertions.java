package io.sluice.writer.testkit;

import io.sluice.repository.StoredRow;
import java.util.List;

/**
 * Entry point of assertions about written events. Import it statically, together with {@link
 * ExpectedEvent#event}.
 *
 * <pre>{@code
 * assertThatTransaction(outbox.lastTransaction())
 *     .wroteExactly(event("order_created").ofDomain(PORTFOLIO).aggregate("order", "42"));
 * }</pre>
 */
public final class OutboxAssertions {

  private OutboxAssertions() {}

  /**
   * Starts assertions about the events that a transaction of a {@link RecordingOutbox} wrote. A
   * transaction that was rolled back wrote none.
   */
  public static EventsAssertion assertThatTransaction(RecordedTransaction transaction) {
    return new EventsAssertion(
        switch (transaction.outcome()) {
          case COMMITTED -> "the transaction, which was committed,";
          case ROLLED_BACK ->
              "the transaction, which was rolled back after %d event(s),"
                  .formatted(transaction.appended().size());
        },
        transaction.written().stream().map(WrittenEvent::of).toList());
  }

  /**
   * Starts assertions about rows that an integration test has read from a real table, such as
   * {@code repository.pending(shard, 100)}.
   *
   * @throws IllegalStateException if a row is not a valid event; names the row and the reason
   */
  public static EventsAssertion assertThatEvents(List<? extends StoredRow> rows) {
    return new EventsAssertion(
        "the service", rows.stream().map(row -> WrittenEvent.of(row.event())).toList());
  }
}
