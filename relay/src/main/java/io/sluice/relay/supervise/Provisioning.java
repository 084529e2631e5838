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
 * Provisions configured sources that are not registered yet, as long as this relay is the one of
 * its group that does so. Has a thread of its own from {@link #start} to {@link #close}.
 */
public final class Provisioning implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);

  private final ShardDirectory sources;
  private final ShardProvisioner provisioner;
  private final BooleanSupplier isCoordinator;
  private final SupervisionTimings timings;
  private final PeriodicTask loop = new PeriodicTask("sluice-provisioning", this::runOnce);
  private final Map<ShardId, Long> notBefore = new HashMap<>();
  private final Map<ShardId, String> problems = new HashMap<>();

  /**
   * Provisions for a group.
   *
   * @param isCoordinator whether this relay is the one that does
   */
  public Provisioning(
      ShardDirectory sources,
      ShardProvisioner provisioner,
      BooleanSupplier isCoordinator,
      SupervisionTimings timings) {
    this.sources = sources;
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
    return sources.configured().values().stream()
        .filter(source -> !sources.registered().containsKey(source.id()))
        .filter(source -> notBefore.getOrDefault(source.id(), 0L) - System.nanoTime() < 0)
        .toList();
  }

  private void provision(List<ShardSource> fresh) {
    if (fresh.isEmpty()) {
      return;
    }
    // The registry's copy needs a moment to know them.
    fresh.forEach(source -> putOff(source, timings.provisioningRetry()));
    try {
      provisioner.provision(fresh).forEach(this::note);
    } catch (RuntimeException e) {
      fresh.forEach(source -> noteProblem(source.id(), e));
    }
  }

  private void note(ShardId source, Provisioned outcome) {
    if (outcome instanceof Provisioned.Failed failed) {
      noteProblem(source, failed.reason());
    } else {
      problems.remove(source);
    }
  }

  private void noteProblem(ShardId source, RuntimeException failure) {
    String problem = String.valueOf(failure.getMessage());
    if (!problem.equals(problems.put(source, problem))) {
      LOG.warn("shard '{}' is not provisioned yet: {}", source, problem);
    }
  }

  private void putOff(ShardSource source, Duration time) {
    notBefore.put(source.id(), System.nanoTime() + time.toNanos());
  }

  /** Asks it to end, without waiting for it. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
