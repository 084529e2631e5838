package io.sluice.handlers.internal.work;

import java.time.Duration;
import java.util.Objects;

/** What a worker's turn on an event came to. */
public sealed interface StepResult {

  /** Nothing is left to do: the offset may move past the event. */
  record Finished() implements StepResult {}

  /** To be taken up again, from this progress, after this delay. */
  record Later(Progress progress, Duration delay) implements StepResult {
    public Later {
      Objects.requireNonNull(progress, "progress");
      Objects.requireNonNull(delay, "delay");
    }
  }

  /** This runtime can never finish it, another that is configured otherwise can; the reason why. */
  record Blocked(String reason) implements StepResult {
    public Blocked {
      Objects.requireNonNull(reason, "reason");
    }
  }

  /** Broken off by the end of the runtime: to be delivered again. */
  record Abandoned() implements StepResult {}
}
