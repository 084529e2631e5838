package io.sluice.handlers.internal.dispatch;

import java.util.Objects;

/** What came of calling a handler. */
public sealed interface Outcome {

  /** One that the row is told of. */
  sealed interface Counted extends Outcome {}

  /** It returned. */
  record Succeeded() implements Counted {}

  /**
   * It threw, or there is none.
   *
   * @param conclusive whether further attempts are pointless
   */
  record Failed(Throwable cause, boolean conclusive) implements Counted {
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The virtual machine failed, which says nothing about the event. */
  record Inconclusive(VirtualMachineError cause) implements Outcome {
    public Inconclusive {
      Objects.requireNonNull(cause, "cause");
    }
  }
}
