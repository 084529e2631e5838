package io.sluice.relay;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.maintenance.HeadroomWatch;
import io.sluice.relay.maintenance.TransactionWatch;
import io.sluice.relay.ops.ObservedRelay;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.preflight.KafkaCheck;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.RegistryWatch;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.supervise.EngineRunFactory;
import io.sluice.relay.supervise.Provisioning;
import io.sluice.relay.supervise.ShardFleet;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running relay: a member of its group that relays the configured shards assigned to it. Start it
 * once, close it once. Thread-safe.
 */
public final class Relay implements ObservedRelay, AutoCloseable {

  /** The reason for the end of a relay that was closed. */
  public static final String CLOSED = "closed";

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** Beyond this number of leaked threads the process should be replaced. */
  private static final int MAX_LEAKED_THREADS = 200;

  private static final Duration JOIN_RETRY = Duration.ofSeconds(2);

  private final RelayConfig config;
  private final RelayWiring wiring;
  private final ShardAssignment assignment;
  private final RegistryWatch registry;
  private final ShardDirectory shards;
  private final EngineRunFactory runs;
  private final ShardFleet fleet;
  private final Provisioning provisioning;
  private final TransactionWatch transactions;
  private final HeadroomWatch headroom;
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread starter = new Thread(this::join, "sluice-start");

  private Relay(RelayConfig config, RelayTimings timings) {
    this.config = config;
    wiring = new RelayWiring(config, timings);
    assignment = wiring.assignment();
    registry = wiring.registryWatch(this::refresh);
    shards = wiring.shardDirectory(registry);
    runs = wiring.runs(shards);
    fleet = wiring.fleet(shards, runs, assignment);
    provisioning = wiring.provisioning(shards, assignment);
    transactions = wiring.transactionWatch(shards);
    headroom = wiring.headroomWatch(shards, fleet);
  }

  /** A relay that is not started yet. */
  public static Relay of(RelayConfig config) {
    return of(config, RelayTimings.PRODUCTION);
  }

  /** The same with other periods. */
  static Relay of(RelayConfig config, RelayTimings timings) {
    return new Relay(config, timings);
  }

  /** Starts to join the group and returns at once. */
  public void start() {
    starter.start();
    headroom.start();
  }

  /** Joins when the topics of the group exist and the registry has been read. */
  private void join() {
    while (stopping.getCount() > 0) {
      try {
        KafkaCheck.requireDelivery(config.kafka(), wiring.publishers().delivery());
        wiring.topics().ensure();
        registry.start();
        // Before the registry is read: a hanging transaction in its topic would block the read.
        transactions.start();
        registry.awaitRead();
        wiring.topics().growTo(shards.partitions());
        provisioning.start();
        assignment.start(fleet);
        return;
      } catch (OperatorNeededException e) {
        if (!(e.getCause() instanceof InvalidReplicationFactorException)) {
          end.complete(String.valueOf(e.getMessage()));
          return;
        }
        retry(e.getMessage()); // brokers may be missing only for a while
      } catch (TransientException e) {
        retry(e.getMessage());
      } catch (KafkaException e) {
        retry(RootCause.of(e).toString());
      } catch (InterruptedException e) {
        stopping.countDown();
      } catch (RuntimeException e) {
        LOG.error("internal error while joining the group", e);
        end.complete("it cannot join its group: " + e);
        return;
      }
    }
  }

  private void retry(@Nullable String reason) {
    LOG.warn("not joined the group yet, will retry: {}", reason);
    awaitStop(JOIN_RETRY);
  }

  private void awaitStop(Duration time) {
    try {
      if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("closed before it had joined the group");
      }
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }

  private void refresh() {
    fleet.refresh();
  }

  /** Replaces the configured shards and their settings. */
  public void configure(Collection<ShardSource> configured) {
    shards.configure(configured);
    fleet.refresh();
  }

  @Override
  public Map<ShardId, ShardState> states() {
    return fleet.states();
  }

  @Override
  public Map<ShardId, ShardState> unowned() {
    Map<ShardId, ShardState> unowned = new TreeMap<>();
    shards
        .configured()
        .keySet()
        .forEach(
            shard ->
                unowned.put(
                    shard,
                    shards.registered().containsKey(shard)
                        ? ShardState.NOT_OWNED
                        : ShardState.NOT_PROVISIONED));
    unowned.keySet().removeAll(states().keySet());
    return unowned;
  }

  @Override
  public RelayStatistics statistics() {
    return wiring.statistics();
  }

  @Override
  public int leakedThreads() {
    return runs.leakedThreads();
  }

  @Override
  public boolean hasJoined() {
    return assignment.isMember();
  }

  /**
   * Completes with the reason when the relay cannot continue and its process should end.
   *
   * @see #checkUp
   */
  @Override
  public CompletableFuture<String> end() {
    return end.copy();
  }

  /** Checks whether the relay can continue; call it periodically. */
  public void checkUp() {
    Optional.ofNullable(assignment.failure().getNow(null))
        .ifPresent(reason -> end.complete(String.valueOf(reason.getMessage())));
    int leaked = leakedThreads();
    if (leaked > MAX_LEAKED_THREADS) {
      end.complete(
          "%d threads of engines that were closed have not ended; a new process is needed"
              .formatted(leaked));
    }
  }

  /**
   * Releases all shards and leaves the group, within 45 seconds. The next owner publishes what this
   * relay has not published.
   */
  @Override
  public void close() {
    stopping.countDown();
    starter.interrupt();
    headroom.stop();
    provisioning.stop();
    transactions.stop();
    assignment.close();
    headroom.close();
    provisioning.close();
    transactions.close();
    registry.close();
    end.complete(CLOSED);
  }
}
