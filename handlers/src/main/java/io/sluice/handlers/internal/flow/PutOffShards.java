package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Shards that do not answer while the buffer is full: their events are left in Kafka until they do,
 * so that those of other shards have room. Owned by the domain's thread.
 */
final class PutOffShards {

  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final FlowContext flow;
  private final Map<ShardId, Instant> oldest = new HashMap<>();
  private final Map<ShardId, Timers.Timer> asking = new HashMap<>();
  private final Set<ShardId> answering = new HashSet<>();

  PutOffShards(FlowContext flow) {
    this.flow = flow;
  }

  /** Makes room in a full buffer, where it holds events of shards that do not answer. */
  void makeRoom(Turns turns) {
    Set<ShardId> silent = new HashSet<>();
    turns.all().map(task -> task.event().shard()).filter(this::isSilent).forEach(silent::add);
    silent.removeAll(oldest.keySet());
    silent.forEach(shard -> putOff(shard, turns));
  }

  private boolean isSilent(ShardId shard) {
    return !flow.rows().reaches(shard) || flow.rows().isAway(shard);
  }

  private void putOff(ShardId shard, Turns turns) {
    oldest.put(shard, Instant.MAX);
    Collection<Task> left = turns.idle(shard);
    left.forEach(this::leave);
    turns.forgetLost();
    // Of one to which there is no way, which ends with the runtime, that has been told.
    if (flow.rows().reaches(shard)) {
      flow.log().putOff(flow.settings().domain(), shard, left.size());
      // One that answers and fails again at once is not read for over and over.
      asking.put(shard, flow.after(flow.timings().deferral(), () -> probe(shard)));
    }
  }

  private void probe(ShardId shard) {
    // Again and again, lest it be forgotten with a desk that has come to an end.
    asking.put(shard, flow.after(AGAIN, () -> probe(shard)));
    flow.rows()
        .ask(shard, new RowRequest.Probe(() -> flow.mailbox().send(() -> answering.add(shard))));
  }

  /** Whether an event that has come is left in Kafka. */
  boolean leaves(Task task) {
    boolean leaves = oldest.containsKey(task.event().shard());
    if (leaves) {
      leave(task);
    }
    return leaves;
  }

  private void leave(Task task) {
    ShardId shard = task.event().shard();
    oldest.merge(
        shard, task.event().createdAt(), (one, other) -> one.isBefore(other) ? one : other);
    task.place().putOff(PutOffReason.away(shard));
  }

  /** Those that answer again: their events are taken on from now on, and are to be read again. */
  Set<ShardId> takeBack() {
    if (answering.isEmpty()) {
      return Set.of();
    }
    Set<ShardId> back = Set.copyOf(answering);
    answering.clear();
    back.forEach(
        shard -> {
          oldest.remove(shard);
          Optional.ofNullable(asking.remove(shard)).ifPresent(flow.timers()::cancel);
          flow.log().takenBack(flow.settings().domain(), shard);
        });
    return back;
  }

  boolean has(ShardId shard) {
    return oldest.containsKey(shard);
  }

  /** When the oldest event was created that is left. */
  Optional<Instant> oldest() {
    return oldest.values().stream()
        .filter(created -> created.isBefore(Instant.MAX))
        .min(Instant::compareTo);
  }
}
