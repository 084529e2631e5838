package io.sluice.handlers;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a domain's handlers have done, and what they have under way; taken within the last second.
 *
 * @param group the consumer group
 * @param statistics what was done since the runtime was built
 * @param events fetched and not finished
 * @param bytes of their payloads
 * @param calls of handlers under way
 * @param aggregates that have such events
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
