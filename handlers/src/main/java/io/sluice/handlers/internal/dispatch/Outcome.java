package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.internal.status.RowState;
import java.util.Objects;
import java.util.Optional;

/** The outcome of calling a handler. */
public sealed interface Outcome {

  /** It succeeded; the row is still to be written. */
  record Succeeded() implements Outcome {}

  /** It succeeded, and its effects and the row's status are committed. */
  record Committed(RowState row) implements Outcome {}

  /** It failed. */
  record Failed(Throwable cause) implements Outcome {
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** It was not called, because of what the row showed. */
  record NotDue(Optional<RowState> row) implements Outcome {}

  /**
   * Something other than the event has failed, its shard or the virtual machine: not counted, to be
   * tried again from what the row then says.
   */
  record Inconclusive(Throwable cause) implements Outcome {
    public Inconclusive {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /**
   * The shard has failed while the handler had its connection, perhaps because of the handler: not
   * counted, unless it happens to the event repeatedly.
   */
  record Doubtful(Throwable cause) implements Outcome {
    public Doubtful {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** Only the row shows whether its effects were committed. */
  record Unconfirmed(Throwable cause) implements Outcome {
    public Unconfirmed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** It was ended because the partition or the runtime goes. */
  record Abandoned() implements Outcome {}

  /** The outcome of a call that has thrown. */
  static Outcome ofFailure(Throwable cause) {
    return isVirtualMachineFailure(cause) ? new Inconclusive(cause) : new Failed(cause);
  }

  /** The outcome of a call whose shard has failed meanwhile. */
  static Outcome ofDoubt(Throwable cause) {
    return isVirtualMachineFailure(cause) ? new Inconclusive(cause) : new Doubtful(cause);
  }

  private static boolean isVirtualMachineFailure(Throwable failure) {
    // After a stack overflow the stack is unwound and the virtual machine usable: this event was
    // nested too deep. Other failures of the virtual machine say nothing about the event.
    return failure instanceof VirtualMachineError && !(failure instanceof StackOverflowError);
  }
}
