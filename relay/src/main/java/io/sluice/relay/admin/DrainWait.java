package io.sluice.relay.admin;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.ShardOwners.Owner;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.RegistryWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Waits until a shard is drained. */
public final class DrainWait {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final RelayGroup group;
  private final Semaphore changes = new Semaphore(0);

  /** Waits for shards of this group. */
  public DrainWait(RelayGroup group) {
    this.group = group;
  }

  /**
   * Waits for one shard.
   *
   * @return the outcome, for an operator
   * @throws TransientException if it takes longer than the timeout, or the shard is resumed or
   *     removed meanwhile
   */
  public String await(ShardId id, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try (RegistryWatch watch =
        new RegistryWatch(group.config().kafka(), group.topics(), INTERVAL, changes::release)) {
      watch.start();
      while (phase(watch, id).equals(Optional.of(Phase.DRAINING)) || watch.all().isEmpty()) {
        if (!changes.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          throw late(id, timeout);
        }
      }
      return outcome(id, phase(watch, id));
    }
  }

  private static Optional<Phase> phase(RegistryWatch watch, ShardId id) {
    return watch.of(id).map(RegisteredShard::phase);
  }

  private static String outcome(ShardId id, Optional<Phase> phase) {
    if (phase.equals(Optional.of(Phase.DRAINED))) {
      return "shard '%s': drained: all its events are in Kafka".formatted(id);
    }
    throw new TransientException(
        "shard '%s' is %s: it was changed by another command"
            .formatted(id, phase.map(Phase::name).orElse("removed")),
        null);
  }

  private TransientException late(ShardId id, Duration timeout) {
    RegisteredShard registered = group.registered(id);
    Optional<Owner> owner = Optional.ofNullable(group.owners().get(registered.partition()));
    return new TransientException(
        "shard '%s' is still draining after %s; %s. It continues: see 'sluice-relay shards list'"
            .formatted(
                id,
                timeout,
                owner
                    .map(
                        known ->
                            "its owner %s at %s reports %s"
                                .formatted(known.relay(), known.host(), known.state()))
                    .orElse("no relay owns it")),
        null);
  }
}
