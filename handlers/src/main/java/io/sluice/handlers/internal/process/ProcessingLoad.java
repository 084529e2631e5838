package io.sluice.handlers.internal.process;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How much of a domain is in flight.
 *
 * @param events fetched and not finished
 * @param bytes of their payloads, as far as these are in memory
 * @param calls of handlers that run
 * @param aggregates that have such events
 * @param oldest when the event among them was created that was created first
 */
public record ProcessingLoad(
    int events, long bytes, int calls, int aggregates, Optional<Instant> oldest) {

  static final ProcessingLoad NONE = new ProcessingLoad(0, 0, 0, 0, Optional.empty());

  public ProcessingLoad {
    Objects.requireNonNull(oldest, "oldest");
  }
}
