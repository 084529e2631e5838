package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.OwnershipListener;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.shard.DurationText;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardDirectory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shards that this relay owns, each with a supervisor. Follows changes of ownership, of the
 * configuration and of the registry. Thread-safe.
 */
public final class ShardFleet implements OwnershipListener {

  private static final Logger LOG = LoggerFactory.getLogger(ShardFleet.class);
  private static final Duration RELEASE_TIMEOUT = Duration.ofSeconds(25);

  private final ShardDirectory shards;
  private final TakeOver takeOver;
  private final ShardAssignment assignment;
  private final RelayStatistics statistics;
  private final SupervisionTimings timings;
  private final Set<Integer> owned = new TreeSet<>(); // guarded by this
  private final Map<Integer, Supervised> running = new HashMap<>(); // guarded by this

  private record Supervised(
      RegisteredShard registered, Optional<ShardSource> configured, ShardSupervisor supervisor) {}

  public ShardFleet(
      ShardDirectory shards,
      TakeOver takeOver,
      ShardAssignment assignment,
      RelayStatistics statistics,
      SupervisionTimings timings) {
    this.shards = shards;
    this.takeOver = takeOver;
    this.assignment = assignment;
    this.statistics = statistics;
    this.timings = timings;
  }

  /** Takes over the shards of these partitions. */
  @Override
  public synchronized void acquired(Set<Integer> partitions) {
    owned.addAll(partitions);
    refresh();
  }

  /** Releases the shards of these partitions, and waits until their runs have ended. */
  @Override
  public void released(Set<Integer> partitions) {
    awaitEnd(drop(partitions), RELEASE_TIMEOUT);
  }

  /** Stops the shards of these partitions without waiting, because they may have a new owner. */
  @Override
  public void lost(Set<Integer> partitions) {
    drop(partitions);
  }

  private synchronized List<ShardSupervisor> drop(Set<Integer> partitions) {
    owned.removeAll(partitions);
    return partitions.stream()
        .map(running::remove)
        .filter(Objects::nonNull)
        .map(Supervised::supervisor)
        .peek(ShardSupervisor::stop)
        .toList();
  }

  private static void awaitEnd(List<ShardSupervisor> stopping, Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      for (ShardSupervisor supervisor : stopping) {
        if (!supervisor.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()))) {
          LOG.warn("a shard has not ended {} after it was stopped", DurationText.of(timeout));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while waiting for the end of shards");
    }
  }

  /** Applies a change of the configuration or of the registry. */
  public synchronized void refresh() {
    for (int partition : owned) {
      shards.withPartition(partition).ifPresent(shard -> refresh(partition, shard));
    }
    Set<Integer> gone =
        running.keySet().stream()
            .filter(partition -> shards.withPartition(partition).isEmpty())
            .collect(Collectors.toSet());
    gone.forEach(partition -> Objects.requireNonNull(running.remove(partition)).supervisor.stop());
  }

  private void refresh(int partition, RegisteredShard now) {
    Supervised before = running.get(partition);
    Optional<ShardSource> configured = Optional.ofNullable(shards.configured().get(now.id()));
    if (before == null || !before.registered().id().equals(now.id())) {
      if (before != null) {
        before.supervisor.stop();
      }
      running.put(partition, new Supervised(now, configured, start(now)));
    } else if (!before.registered().equals(now) || !before.configured().equals(configured)) {
      running.put(partition, new Supervised(now, configured, before.supervisor));
      if (needsRestart(before.registered(), now, !before.configured().equals(configured))) {
        before.supervisor.restart();
      }
    }
  }

  /** The start of a drain and the removal of an approval need no restart. */
  private static boolean needsRestart(
      RegisteredShard before, RegisteredShard now, boolean isConfiguredAnew) {
    boolean isOnlyDraining =
        now.phase() == RegisteredShard.Phase.DRAINING
            && before.phase() == RegisteredShard.Phase.ACTIVE
            && now.in(before.phase()).equals(before);
    return isConfiguredAnew || !(isOnlyDraining || before.withoutApproval().equals(now));
  }

  private ShardSupervisor start(RegisteredShard shard) {
    ShardSupervisor supervisor =
        new ShardSupervisor(shard, takeOver, assignment, statistics.of(shard.id()), timings);
    supervisor.start();
    return supervisor;
  }

  /** The states of all shards that this relay owns. */
  public synchronized Map<ShardId, ShardState> states() {
    Map<ShardId, ShardState> states = new TreeMap<>();
    running
        .values()
        .forEach(shard -> states.put(shard.registered().id(), shard.supervisor().state()));
    return states;
  }
}
