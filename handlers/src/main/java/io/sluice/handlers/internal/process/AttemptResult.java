package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.RowState;
import java.util.Objects;
import java.util.Optional;

/** What an attempt has come to, once all that belongs to it is written. */
sealed interface AttemptResult {

  /** The row is PUBLISHED. */
  record Published() implements AttemptResult {}

  /** The row is FAILED, by this attempt. */
  record FailedForGood() implements AttemptResult {}

  /**
   * The row says what is next: a failure was counted, or the row had changed meanwhile.
   *
   * @param row as it stands now; nothing where it is gone
   */
  record Continues(Optional<RowState> row) implements AttemptResult {
    public Continues {
      Objects.requireNonNull(row, "row");
    }
  }

  /** It says nothing about the event: nothing is counted, and the event is tried again. */
  record Inconclusive() implements AttemptResult {}

  /** It was ended because the partition or the runtime goes. */
  record Abandoned() implements AttemptResult {}
}
