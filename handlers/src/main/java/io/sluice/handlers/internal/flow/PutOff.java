package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.row.AggregateKey;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Events that are left in Kafka for now, because they would keep a full buffer from moving. Owned
 * by the domain's thread.
 */
final class PutOff {

  private final FlowContext flow;
  private final Readings readings;
  private final PutOffShards shards;
  private final PutOffWaits waits;

  PutOff(FlowContext flow) {
    this.flow = flow;
    this.readings = new Readings(flow.timings().deferral());
    this.shards = new PutOffShards(flow);
    this.waits = new PutOffWaits(flow);
  }

  /** Makes room in a full buffer, as far as it holds what cannot go on. */
  void makeRoom(Turns turns, Buffer buffer) {
    shards.makeRoom(turns);
    if (buffer.isFull()) {
      waits.makeRoom(turns, buffer);
    }
  }

  /** Whether an event that has come is left in Kafka. */
  boolean leaves(Task task) {
    return shards.leaves(task) || waits.leaves(task);
  }

  /**
   * What can go on again: its events are taken on from now on, and are to be read again.
   *
   * @param isReading whether what was taken back before is still being read
   */
  Set<PutOffReason> takeBack(boolean isReading) {
    Instant now = flow.clock().instant();
    if (!readings.mayBegin(isReading, now)) {
      return Set.of();
    }
    Set<PutOffReason> back = new HashSet<>();
    shards.takeBack().forEach(shard -> back.add(PutOffReason.away(shard)));
    if (waits.takeBack(now)) {
      back.add(PutOffReason.WAIT);
    }
    if (!back.isEmpty()) {
      readings.begin(now);
    }
    return back;
  }

  /** Whether events of an aggregate may have been left. */
  boolean has(AggregateKey aggregate) {
    return shards.has(aggregate.shard()) || waits.has(aggregate);
  }

  /** When the oldest event was created that is left. */
  Optional<Instant> oldest() {
    return Stream.concat(shards.oldest().stream(), waits.oldest().stream()).min(Instant::compareTo);
  }
}
