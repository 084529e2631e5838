package io.sluice.relay;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.AssignmentSettings;
import io.sluice.relay.group.OwnershipListener;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.maintenance.HeadroomWatch;
import io.sluice.relay.maintenance.TransactionWatch;
import io.sluice.relay.ops.ObservedRelay;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.preflight.BrokerCheck;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegistryWatch;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.StoredPosition;
import io.sluice.relay.supervise.Provisioning;
import io.sluice.relay.supervise.RelayLinks;
import io.sluice.relay.supervise.ShardFleet;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running relay: takes part in its group, and relays those of the configured shards that fall to
 * it. Start it once, close it once; thread-safe.
 */
public final class Relay implements ObservedRelay, AutoCloseable {

  /** Why it ended, if it was closed. */
  public static final String CLOSED = "closed";

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  /** With so many threads that do not end, the process had better be replaced. */
  private static final int MOST_LEFTOVERS = 200;

  private final RelayTimings timings;
  private final RelayWiring parts;
  private final RelayLinks links;
  private final RegistryWatch registry;
  private final ShardDirectory sources;
  private final ShardFleet fleet;
  private final Provisioning provisioning;
  private final TransactionWatch transactions;
  private final HeadroomWatch headroom;
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread starter = new Thread(this::join, "sluice-start");
  private volatile @Nullable ShardAssignment assignment;

  private Relay(RelayConfig config, RelayTimings timings) {
    this.timings = timings;
    parts = new RelayWiring(config, timings);
    links = parts.links();
    registry =
        new RegistryWatch(
            config.kafka(), links.internal(), timings.registryInterval(), this::registryChanged);
    sources = new ShardDirectory(config.shards(), registry::all);
    fleet = new ShardFleet(links, parts.care(), sources, new Membership(), timings.supervision());
    provisioning =
        new Provisioning(sources, parts.provisioner(), this::isCoordinator, timings.supervision());
    transactions =
        new TransactionWatch(
            config.kafka(), links.commonTopics()::everKnown, this::transactionalIds, timings.transactions());
    headroom =
        new HeadroomWatch(
            sources,
            fleet::states,
            parts.care().statistics(),
            this::storedPosition,
            config.care().headroomWarning());
  }

  private Optional<StoredPosition> storedPosition(@Nullable RegisteredShard source) {
    return source == null
        ? Optional.empty()
        : PositionReader.read(
            links.kafka(), links.internal().slot(source.id(), source.partition()));
  }

  /** A relay as configured, not started yet. */
  public static Relay of(RelayConfig config) {
    return of(config, RelayTimings.PRODUCTION);
  }

  /** The same with other periods. */
  static Relay of(RelayConfig config, RelayTimings timings) {
    return new Relay(config, timings);
  }

  /** Begins to take part in the group; returns at once. */
  public void start() {
    starter.start();
    headroom.start();
  }

  /**
   * The topics that relays share have to be there before one can join, and what is registered has
   * to be known: any member may be the one that shares the sources out.
   */
  private void join() {
    while (stopping.getCount() > 0) {
      try {
        if (isRefused()) {
          return;
        }
        links.commonTopics().ensure();
        registry.start();
        // Before what it may have to set free: a transaction that hangs in the registry's topic.
        transactions.start();
        registry.awaitRead();
        links.commonTopics().growTo(sources.partitions());
        provisioning.start();
        takePart();
        return;
      } catch (RelayException | KafkaException e) {
        LOG.warn("not joined the group yet, trying on: {}", RootCause.of(e).getMessage());
        awaitStop(timings.joinRetry());
      } catch (InterruptedException e) {
        stopping.countDown();
      } catch (RuntimeException e) {
        LOG.error("the relay cannot join its group, by a fault of its own", e);
        end.complete("it cannot join its group: " + e);
        return;
      }
    }
  }

  /** Brokers that cannot keep what is promised are no reason to wait. */
  private boolean isRefused() {
    try {
      BrokerCheck.run(links.kafka(), links.publishers().delivery());
      return false;
    } catch (OperatorNeededException e) {
      end.complete(String.valueOf(e.getMessage()));
      return true;
    }
  }

  /** Of the group's own producers. */
  private Set<String> transactionalIds() {
    Set<String> ids = new HashSet<>();
    ids.add(links.internal().provisioningTransactionalId());
    sources.registered().keySet().forEach(id -> ids.add(links.internal().transactionalId(id)));
    return ids;
  }

  private synchronized void takePart() {
    if (stopping.getCount() == 0) {
      return;
    }
    assignment =
        ShardAssignment.start(
            new AssignmentSettings(
                links.kafka(),
                links.internal().relays(),
                links.internal().positions(),
                parts.config().identity().instance()),
            new Listener());
  }

  private void awaitStop(Duration time) {
    try {
      if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("closed before it had joined");
      }
    } catch (InterruptedException e) {
      stopping.countDown();
    }
  }

  private boolean isCoordinator() {
    ShardAssignment joined = assignment;
    return joined != null && joined.isCoordinator();
  }

  private void registryChanged() {
    fleet.refresh();
  }

  /** Takes other shards, or other settings of shards, from now on. */
  public void configure(Collection<ShardSource> shards) {
    sources.configure(shards);
    fleet.refresh();
  }

  @Override
  public Map<ShardId, ShardState> states() {
    return fleet.states();
  }

  @Override
  public RelayStatistics statistics() {
    return parts.care().statistics();
  }

  @Override
  public int leakedThreads() {
    return parts.care().leftovers().count();
  }

  @Override
  public boolean hasJoined() {
    return assignment != null;
  }

  /**
   * Completes when the relay cannot go on by itself and its process should end: the reason.
   *
   * @see #checkUp
   */
  @Override
  public CompletableFuture<String> end() {
    return end.copy();
  }

  /** Looks whether the relay can go on; to be called now and then. */
  public void checkUp() {
    ShardAssignment joined = assignment;
    if (joined != null && joined.failure().isDone()) {
      end.complete(String.valueOf(joined.failure().join().getMessage()));
    }
    int left = leakedThreads();
    if (left > MOST_LEFTOVERS) {
      end.complete(
          "%d threads of engines that were closed have not ended; a new process is needed"
              .formatted(left));
    }
  }

  /**
   * Lets go of all shards and leaves the group, within {@code 45} seconds. What was not published
   * by then is published by the next owner.
   */
  @Override
  public void close() {
    stopping.countDown();
    starter.interrupt();
    headroom.stop();
    provisioning.stop();
    transactions.stop();
    ShardAssignment joined = joined();
    if (joined != null) {
      joined.close();
    }
    headroom.close();
    provisioning.close();
    transactions.close();
    registry.close();
    end.complete(CLOSED);
  }

  private synchronized @Nullable ShardAssignment joined() {
    return assignment;
  }

  /** What the fleet needs of the group. */
  private final class Membership implements ShardFleet.Group {
    @Override
    public boolean owns(int partition) {
      ShardAssignment joined = assignment;
      return joined != null && joined.owns(partition);
    }

    @Override
    public void report(int partition, String state) {
      ShardAssignment joined = assignment;
      if (joined != null) {
        joined.report(partition, state);
      }
    }
  }

  /** What the group tells the fleet. */
  private final class Listener implements OwnershipListener {
    @Override
    public void acquired(Set<Integer> partitions) {
      fleet.acquire(partitions);
    }

    @Override
    public void released(Set<Integer> partitions) {
      fleet.release(partitions);
    }

    @Override
    public void lost(Set<Integer> partitions) {
      fleet.lose(partitions);
    }
  }
}
