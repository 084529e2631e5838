package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.internal.status.RowState;
import java.util.Objects;
import java.util.Optional;

/** What came of calling a handler. */
public sealed interface Outcome {

  /** It ended well; the row is still to be told. */
  record Succeeded() implements Outcome {}

  /** It ended well, and its effects and the row's status are committed. */
  record Committed(RowState row) implements Outcome {}

  /** It failed. */
  record Failed(Throwable cause) implements Outcome {
    public Failed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** The row said that there is nothing to do, and it was not called. */
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
   * The shard has failed while the handler had its connection, perhaps by what the handler did: not
   * counted, unless the event meets with it again and again.
   */
  record Doubtful(Throwable cause) implements Outcome {
    public Doubtful {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** Whether its effects were committed only the row knows. */
  record Unconfirmed(Throwable cause) implements Outcome {
    public Unconfirmed {
      Objects.requireNonNull(cause, "cause");
    }
  }

  /** Broken off by the end of the runtime. */
  record Abandoned() implements Outcome {}
}
