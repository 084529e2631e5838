package io.sluice.handlers;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The statistics and load of a domain, at most a second old.
 *
 * @param group the consumer group
 * @param statistics the outcomes since the runtime was built
 * @param events the number of events in flight, which are fetched and not finished
 * @param bytes the size of their payloads
 * @param calls the number of running handlers
 * @param aggregates the number of aggregates of those events
 * @param oldest the earliest {@link io.sluice.handlers.api.HandledEvent#createdAt} of those events,
 *     in milliseconds. An event that was redriven or published late counts from that time, not from
 *     the creation of its row
 * @param callsEnded the number of calls that have ended since the runtime was built, with any
 *     outcome
 * @param callTime the total duration of those calls, including waits for a thread, a connection and
 *     the commit
 * @param shardsAway the shards whose databases do not answer or failed the last request of any
 *     domain. Shards without events are not checked
 * @param rowsMissing the number of events that wait because their row is missing
 * @param problem why the domain's records are not read at present, if they are not
 */
public record DomainSnapshot(
    String group,
    HandlerStatistics statistics,
    int events,
    long bytes,
    int calls,
    int aggregates,
    Optional<Instant> oldest,
    long callsEnded,
    Duration callTime,
    Set<ShardId> shardsAway,
    int rowsMissing,
    Optional<String> problem) {

  public DomainSnapshot {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(statistics, "statistics");
    Objects.requireNonNull(oldest, "oldest");
    Objects.requireNonNull(callTime, "callTime");
    Objects.requireNonNull(problem, "problem");
    shardsAway = Set.copyOf(shardsAway);
  }
}
