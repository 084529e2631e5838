package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.EventDomain;
import java.util.Objects;

/**
 * How a domain's events are processed.
 *
 * @param group whose handlers are called
 * @param concurrency how many calls may run at a time
 * @param bufferedEvents how many events may be in memory before no more are fetched
 * @param bufferedBytes how many bytes their payloads may have by then
 */
public record ProcessingSettings(
    EventDomain domain,
    String group,
    int concurrency,
    int bufferedEvents,
    long bufferedBytes,
    WhileWaiting whileWaiting,
    AfterFailure afterFailure,
    HandlerTimings timings) {

  /** The part of the buffer that one shard's outstanding events may take. */
  private static final int OUTSTANDING_PART = 8;

  public ProcessingSettings {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(whileWaiting, "whileWaiting");
    Objects.requireNonNull(afterFailure, "afterFailure");
    Objects.requireNonNull(timings, "timings");
  }

  /** How many events of a shard may be in their handlers or be written. */
  int maxOutstanding() {
    return Math.max(2 * concurrency, bufferedEvents / OUTSTANDING_PART);
  }
}
