package io.sluice.writer.testkit;

import io.sluice.writer.EventRow;
import java.util.List;
import java.util.Objects;

/**
 * A transaction of a {@link RecordingOutbox} that has ended.
 *
 * @param outcome how it ended
 * @param appended the appended events in order, without those rolled back to a savepoint
 */
public record RecordedTransaction(Outcome outcome, List<EventRow> appended) {

  /** How a transaction ended. */
  public enum Outcome {
    /** By {@code commit()}, or by turning autocommit on. */
    COMMITTED,
    /** By {@code rollback()}, or by closing the connection. */
    ROLLED_BACK
  }

  public RecordedTransaction {
    Objects.requireNonNull(outcome, "outcome");
    appended = List.copyOf(appended);
  }

  /** The events that would be published: the appended events if the transaction was committed. */
  public List<EventRow> written() {
    return outcome == Outcome.COMMITTED ? appended : List.of();
  }
}
