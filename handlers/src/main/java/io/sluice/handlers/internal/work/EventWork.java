package io.sluice.handlers.internal.work;

import io.sluice.handlers.api.HandledEvent;
import java.util.function.BooleanSupplier;

/** One turn of work on an event. Implementations are thread-safe and never throw. */
@FunctionalInterface
public interface EventWork {

  /**
   * Goes on with an event from where it stands, as far as it goes without waiting.
   *
   * @param abandoned whether the runtime has ended meanwhile and interrupted the handler
   */
  StepResult run(HandledEvent event, Progress progress, BooleanSupplier abandoned);
}
