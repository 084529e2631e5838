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

  public ProcessingSettings {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(whileWaiting, "whileWaiting");
    Objects.requireNonNull(afterFailure, "afterFailure");
    Objects.requireNonNull(timings, "timings");
  }

  /** With the periods of production. */
  public ProcessingSettings(
      EventDomain domain,
      String group,
      int concurrency,
      int bufferedEvents,
      long bufferedBytes,
      WhileWaiting whileWaiting,
      AfterFailure afterFailure) {
    this(
        domain,
        group,
        concurrency,
        bufferedEvents,
        bufferedBytes,
        whileWaiting,
        afterFailure,
        HandlerTimings.PRODUCTION);
  }
}
