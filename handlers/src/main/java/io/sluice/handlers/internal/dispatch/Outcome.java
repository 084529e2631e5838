package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.internal.status.RowState;
import java.util.Objects;
import java.util.Optional;

/** The outcome of a call. */
public sealed interface Outcome {

  /** The handler succeeded. Its row is not written yet. */
  record Succeeded() implements Outcome {}

  /** The handler succeeded, and its effects are committed together with the row's status. */
  record Committed(RowState row) implements Outcome {}

  /** The handler failed. */
  record Failed(Throwable cause) implements Outcome {
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The handler was not called, because the row does not require it. */
  record NotDue(Optional<RowState> row) implements Outcome {}

  /**
   * The shard or the virtual machine failed, not the event. The attempt is not counted, and the row
   * determines when the event is tried again.
   */
  record Inconclusive(Throwable cause) implements Outcome {
    public Inconclusive {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /**
   * The shard failed while the handler had its connection. The handler may be the cause, so the
   * event fails if this happens repeatedly.
   */
  record Doubtful(Throwable cause) implements Outcome {
    public Doubtful {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The result of the commit is unknown. Only the row shows it. */
  record Unconfirmed(Throwable cause) implements Outcome {
    public Unconfirmed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The call was cancelled because the partition was revoked or the runtime stops. */
  record Abandoned() implements Outcome {}

  /** Returns the outcome of a call that has thrown this exception. */
  static Outcome ofFailure(Throwable cause) {
    return isVirtualMachineFailure(cause) ? new Inconclusive(cause) : new Failed(cause);
  }

  /** Returns the outcome of a call during which the shard failed. */
  static Outcome ofDoubt(Throwable cause) {
    return isVirtualMachineFailure(cause) ? new Inconclusive(cause) : new Doubtful(cause);
  }

  private static boolean isVirtualMachineFailure(Throwable failure) {
    // After a stack overflow, the virtual machine is still usable, and the event is too deeply
    // nested. Other failures of the virtual machine are not caused by the event.
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }
}
