package io.sluice.handlers;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a domain's handlers have done, and what they have under way; taken within the last second.
 *
 * @param statistics what was done since the runtime was built
 * @param events fetched and not finished
 * @param bytes of their payloads
 * @param calls of handlers under way
 * @param aggregates that have such events
 * @param oldest when the event among them was created that was created first, in milliseconds
 */
public record DomainSnapshot(
    HandlerStatistics statistics,
    int events,
    long bytes,
    int calls,
    int aggregates,
    Optional<Instant> oldest) {

  public DomainSnapshot {
    Objects.requireNonNull(statistics, "statistics");
    Objects.requireNonNull(oldest, "oldest");
  }
}
