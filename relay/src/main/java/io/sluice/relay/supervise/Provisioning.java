package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.admin.ShardProvisioner;
import io.sluice.relay.shard.PeriodicTask;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.ShardDirectory;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provisions configured shards that are not registered yet, while this relay is the coordinator of
 * its group. Runs in a separate thread from {@link #start} to {@link #close}.
 */
public final class Provisioning implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  private final ShardDirectory shards;
  private final ShardProvisioner provisioner;
  private final BooleanSupplier isCoordinator;
  private final SupervisionTimings timings;
  private final PeriodicTask loop = new PeriodicTask("sluice-provisioning", this::runOnce);
  private final Map<ShardId, Long> notBefore = new HashMap<>();
  private final Map<ShardId, String> problems = new HashMap<>();

  /**
   * Creates the provisioning of a group.
   *
   * @param isCoordinator whether this relay is the coordinator
   */
  public Provisioning(
      ShardDirectory shards,
      ShardProvisioner provisioner,
      BooleanSupplier isCoordinator,
      SupervisionTimings timings) {
    this.shards = shards;
    this.provisioner = provisioner;
    this.isCoordinator = isCoordinator;
    this.timings = timings;
  }

  public void start() {
    loop.start();
  }

  private Duration runOnce() {
    if (isCoordinator.getAsBoolean()) {
      provision(unregistered());
    }
    return timings.provisioningInterval();
  }

  private List<ShardSource> unregistered() {
    return shards.configured().values().stream()
        .filter(source -> !shards.registered().containsKey(source.id()))
        .filter(source -> notBefore.getOrDefault(source.id(), 0L) - System.nanoTime() < 0)
        .toList();
  }

  private void provision(List<ShardSource> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    // The local copy of the registry contains them only after a delay.
    fresh.forEach(source -> postpone(source, timings.provisioningRetry()));
    try {
      provisioner.provision(fresh).forEach(this::recordOutcome);
    } catch (RuntimeException e) {
      fresh.forEach(source -> logProblem(source.id(), e));
    }
  }

  private void recordOutcome(ShardId shard, Provisioned outcome) {
    if (outcome instanceof Provisioned.Failed failed) {
      logProblem(shard, failed.reason());
    } else {
      problems.remove(shard);
    }
  }

  private void logProblem(ShardId shard, RuntimeException failure) {
    String problem = String.valueOf(failure.getMessage());
    if (!problem.equals(problems.put(shard, problem))) {
      LOG.warn("shard '{}' is not provisioned yet: {}", shard, problem);
    }
  }

  private void postpone(ShardSource source, Duration time) {
    notBefore.put(source.id(), System.nanoTime() + time.toNanos());
  }

  /** Stops the thread without waiting for it. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
