package io.sluice.handlers.internal.status;

import java.time.Instant;
import java.util.Objects;

/** What is to be written back to a row that is still PENDING or RETRY. */
public sealed interface StatusUpdate {

  /** The row as the attempt found it. */
  RowState before();

  /** A handler succeeded. */
  record Published(RowState before, Instant at) implements StatusUpdate {
    public Published {
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(at, "at");
    }
  }

  /**
   * A handler failed: one more failure, and with that RETRY or FAILED. Where the row no longer has
   * the count it had before, this failure or that of another worker is counted already.
   *
   * @param lastError class and message, short enough for its column
   * @param conclusive whether the event fails for good, however many attempts it has left
   */
  record Failure(RowState before, String lastError, boolean conclusive, Instant at)
      implements StatusUpdate {
    public Failure {
      Objects.requireNonNull(before, "before");
      Objects.requireNonNull(lastError, "lastError");
      Objects.requireNonNull(at, "at");
    }
  }
}
