package io.sluice.handlers.internal.work;

import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.status.StatusUpdate;
import java.util.Objects;

/** How far an event has come between two turns of its worker. */
public sealed interface Progress {

  /** The beginning: the row is to be read, then the handler called. */
  Progress BEGIN = new Unread(0);

  /** How often in a row the database has refused the step that is due. */
  int refusals();

  /** The same step, refused once more. */
  Progress refused();

  /** The row is to be read. */
  record Unread(int refusals) implements Progress {
    @Override
    public Progress refused() {
      return new Unread(refusals + 1);
    }
  }

  /** The handler was called and is not to be called again; its outcome is to be written. */
  record Unwritten(Outcome.Counted outcome, StatusUpdate update, int refusals) implements Progress {
    public Unwritten {
      Objects.requireNonNull(outcome, "outcome");
      Objects.requireNonNull(update, "update");
    }

    @Override
    public Progress refused() {
      return new Unwritten(outcome, update, refusals + 1);
    }
  }
}
