package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.Objects;

/**
 * The settings of a domain's processing.
 *
 * @param group the consumer group
 * @param concurrency the maximum number of concurrent calls
 * @param bufferedEvents the number of events in memory at which fetching pauses
 * @param bufferedBytes the size of their payloads at which fetching pauses
 * @param rowRetention how long rows are certainly kept after they are finished
 */
public record ProcessingSettings(
    EventDomain domain,
    String group,
    int concurrency,
    int bufferedEvents,
    long bufferedBytes,
    WhileWaiting whileWaiting,
    AfterFailure afterFailure,
    Duration rowRetention,
    HandlerTimings timings) {

  /** The fraction of the buffer that the outstanding events of one shard may use. */
  private static final int OUTSTANDING_PART = 8;

  public ProcessingSettings {
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(whileWaiting, "whileWaiting");
    Objects.requireNonNull(afterFailure, "afterFailure");
    Objects.requireNonNull(rowRetention, "rowRetention");
    Objects.requireNonNull(timings, "timings");
  }

  /** The maximum number of outstanding events of a shard. */
  int maxOutstanding() {
    return Math.max(2 * concurrency, bufferedEvents / OUTSTANDING_PART);
  }
}
