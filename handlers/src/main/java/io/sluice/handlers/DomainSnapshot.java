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
 * @param statistics outcomes since the runtime was built
 * @param events that are fetched and not finished
 * @param bytes of their payloads
 * @param calls of handlers that run
 * @param aggregates of those events
 * @param oldest the earliest {@link io.sluice.handlers.api.HandledEvent#createdAt} among them, in
 *     milliseconds: an event that was redriven or published late counts from then, not from when
 *     its row was created
 * @param callsEnded how many calls have ended since the runtime was built, whatever came of them
 * @param callTime how long those took together, each with what it waited for a thread, a connection
 *     and its commit
 * @param shardsAway which databases could not be read or written when that was tried last, or do
 *     not answer, for whatever domain; a shard that has no events is not tried
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
    Set<ShardId> shardsAway) {

  public DomainSnapshot {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(statistics, "statistics");
    Objects.requireNonNull(oldest, "oldest");
    Objects.requireNonNull(callTime, "callTime");
    shardsAway = Set.copyOf(shardsAway);
  }
}
