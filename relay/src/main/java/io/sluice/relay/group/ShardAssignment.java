package io.sluice.relay.group;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This relay's membership in its group: Kafka assigns the partitions of the positions topic, each
 * of which stands for a shard, to the relays and revokes them again. Ownership is a lease, not a
 * lock: only the shard's transactional id makes a second publisher impossible.
 *
 * <p>Thread-safe. The thread {@code sluice-assignment} does the work and retries while brokers are
 * away. The caller that starts an assignment closes it and watches {@link #failure}. Before the
 * start and after the close, the relay owns nothing.
 *
 * <pre>{@code
 * try (ShardAssignment assignment = new ShardAssignment(settings)) {
 *   assignment.start(listener);
 *   if (assignment.owns(partition)) { ... }
 * }
 * }</pre>
 */
public final class ShardAssignment implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardAssignment.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(45);
  private static final long MIN_BACKOFF_MILLIS = 500;
  private static final long MAX_BACKOFF_MILLIS = 2_000;

  /** The topic always has it, so exactly one member owns it. */
  private static final int COORDINATOR_PARTITION = 0;

  private final AssignmentSettings settings;
  private final Lease lease = new Lease(System::nanoTime);
  private final OwnedPartitions owned = new OwnedPartitions(lease);
  private final CompletableFuture<RelayException> failure = new CompletableFuture<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "sluice-assignment");
  private volatile @Nullable GroupConsumer consumer; // written by the thread only

  public ShardAssignment(AssignmentSettings settings) {
    this.settings = settings;
  }

  /** Starts to join the group and returns at once. Does nothing after {@link #close}. */
  public synchronized void start(OwnershipListener listener) {
    if (stopping.getCount() > 0) {
      owned.listen(listener);
      thread.start();
    }
  }

  /** Whether this relay is a member of its group, and the brokers have answered lately. */
  public boolean isMember() {
    GroupConsumer member = consumer;
    return member != null && member.isInContact();
  }

  /**
   * Whether this relay owns the partition, by knowledge at most 3 seconds old. A relay that was
   * frozen for longer owns nothing until Kafka has confirmed its membership.
   */
  public boolean owns(int partition) {
    return owned.contains(partition);
  }

  /** Whether this relay has the duties that only one relay of the group may have. */
  public boolean isCoordinator() {
    return owns(COORDINATOR_PARTITION);
  }

  /**
   * Stores the state of an owned partition in Kafka, where {@link ShardOwners} reads it. Done in
   * the background; only the last state is kept. Does nothing for other partitions.
   *
   * @param state truncated to 1,000 characters
   */
  public void report(int partition, String state) {
    owned.report(partition, state);
  }

  /** Completes if this relay can no longer be a member. It has lost all partitions by then. */
  public CompletableFuture<RelayException> failure() {
    return failure.copy();
  }

  private void run() {
    try {
      lease.renew();
      lease.confirm(); // it may have expired before the start, when nothing was owned
      while (!isStopping()) {
        runOnce();
      }
      owned.release(owned.all());
    } catch (OperatorNeededException e) {
      failure.complete(e);
    } catch (Throwable e) {
      owned.lose(owned.all());
      failure.complete(
          new OperatorNeededException(
              "the assignment of shards in group '%s' ended by an internal error: %s"
                  .formatted(settings.group(), e),
              "restart the relay",
              e));
    } finally {
      leave();
    }
  }

  private void runOnce() {
    try {
      poll();
    } catch (RuntimeException e) {
      owned.lose(owned.all());
      leave();
      backOff(AssignmentFailures.classify(settings, e));
    }
  }

  private void poll() {
    GroupConsumer member = consumer();
    member.poll();
    lease.renew();
    if (lease.isSuspended() && member.isConfirmed(owned.states())) {
      lease.confirm();
    }
    member.publish(owned.states());
  }

  private GroupConsumer consumer() {
    GroupConsumer member = consumer;
    if (member == null) {
      member = GroupConsumer.open(settings, owned);
      consumer = member;
    }
    return member;
  }

  private void backOff(RelayException reason) {
    if (reason instanceof OperatorNeededException) {
      throw reason;
    }
    long wait = ThreadLocalRandom.current().nextLong(MIN_BACKOFF_MILLIS, MAX_BACKOFF_MILLIS);
    LOG.warn("rejoining in {} ms after: {}", wait, reason.getMessage());
    LOG.debug("rejoining because of", reason);
    await(wait);
  }

  private void leave() {
    GroupConsumer member = consumer;
    consumer = null;
    if (member == null) {
      return;
    }
    try {
      member.close();
    } catch (RuntimeException e) {
      LOG.warn("left group '{}' with: {}", settings.group(), e.toString());
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  private void await(long millis) {
    try {
      if (stopping.await(millis, TimeUnit.MILLISECONDS)) {
        LOG.trace("closed while waiting to rejoin");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void stop() {
    stopping.countDown();
  }

  /**
   * Releases all partitions and leaves the group, so that others take over at once. A static member
   * does not leave and finds its partitions again if it is back in time. Returns within 45 seconds.
   */
  @Override
  public void close() {
    stop();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
      if (thread.isAlive()) {
        LOG.warn("closed while partitions {} are still being released", owned.all());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while partitions {} are being released", owned.all());
    }
  }
}
