package io.sluice.relay.group;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This relay's part in sharing the shards: Kafka gives it partitions of the positions topic, each
 * of which stands for a shard, and takes them away again. What a relay owns no other does, as far
 * as a lease can tell; what makes sure is the shard's transactional id.
 *
 * <p>Thread-safe. A thread of its own, {@code sluice-assignment}, does the work. While brokers are
 * away it tries for ever. Whoever starts it closes it, and watches {@link #failure}.
 *
 * <pre>{@code
 * try (ShardAssignment assignment = ShardAssignment.start(settings, listener)) {
 *   if (assignment.owns(partition)) { ... }
 * }
 * }</pre>
 */
public final class ShardAssignment implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardAssignment.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(45);
  private static final long SHORTEST_WAIT_MILLIS = 500;
  private static final long LONGEST_WAIT_MILLIS = 2_000;

  private final AssignmentSettings settings;
  private final Lease pulse = new Lease(System::nanoTime);
  private final StateReports reports = new StateReports();
  private final Ownership ownership;
  private final AtomicReference<@Nullable String> request = new AtomicReference<>();
  private final CompletableFuture<RelayException> failure = new CompletableFuture<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "sluice-assignment");
  private @Nullable GroupConsumer consumer;

  private ShardAssignment(AssignmentSettings settings, OwnershipListener listener) {
    this.settings = settings;
    this.ownership = new Ownership(listener, reports, pulse);
  }

  /** Joins the group; returns at once. */
  public static ShardAssignment start(AssignmentSettings settings, OwnershipListener listener) {
    ShardAssignment assignment = new ShardAssignment(settings, listener);
    assignment.thread.start();
    return assignment;
  }

  /**
   * Whether the partition is this relay's, by knowledge less than {@code 3} seconds old. A relay
   * that was frozen for longer owns nothing until Kafka has confirmed it.
   */
  public boolean owns(int partition) {
    return ownership.owns(partition);
  }

  /**
   * Has {@link ShardOwners} show this for a partition that is owned: soon, only the newest, and
   * only if Kafka takes it.
   *
   * @param state what is beyond {@code 1,000} characters is cut off
   */
  public void report(int partition, String state) {
    reports.report(partition, state);
  }

  /** Asks for an assignment of all partitions, as after a change of the plan. */
  public void rebalance(String why) {
    request.set(why);
  }

  /** Completes if this relay cannot take part any more. It has lost all it owned by then. */
  public CompletableFuture<RelayException> failure() {
    return failure.copy();
  }

  private void run() {
    try {
      while (!isStopping()) {
        runOnce();
      }
      ownership.release(ownership.owned());
    } catch (OperatorNeededException e) {
      failure.complete(e);
    } catch (Throwable e) {
      ownership.lose(ownership.owned());
      failure.complete(
          new OperatorNeededException(
              "the assignment of shards in group '%s' ended by a fault of the relay itself: %s"
                  .formatted(settings.group(), e),
              "restart the relay",
              e));
    } finally {
      leave();
    }
  }

  private void runOnce() {
    try {
      takePart();
    } catch (RuntimeException e) {
      ownership.lose(ownership.owned());
      leave();
      waitAfter(AssignmentFailures.classify(settings, e));
    }
  }

  private void takePart() {
    GroupConsumer member = consumer();
    String why = request.getAndSet(null);
    if (why != null) {
      member.rebalance(why);
    }
    member.poll();
    pulse.beat();
    if (pulse.isDoubtful() && member.isConfirmed(reports.of(ownership.owned()))) {
      pulse.confirm();
    }
    member.publish(reports.of(ownership.owned()));
  }

  private GroupConsumer consumer() {
    if (consumer == null) {
      consumer = GroupConsumer.open(settings, ownership);
    }
    return consumer;
  }

  private void waitAfter(RelayException reason) {
    if (reason instanceof OperatorNeededException) {
      throw reason;
    }
    long wait = ThreadLocalRandom.current().nextLong(SHORTEST_WAIT_MILLIS, LONGEST_WAIT_MILLIS);
    LOG.warn("joining again in {} ms after: {}", wait, reason.getMessage());
    LOG.debug("joining again because of", reason);
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
        LOG.trace("not joining again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Releases what is owned and leaves the group, so that others take over at once; a relay with an
   * instance name does not leave, so that it finds its shards again if it is back in time. Within
   * {@code 45} seconds.
   */
  @Override
  public void close() {
    stopping.countDown();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
      if (thread.isAlive()) {
        LOG.warn("still releasing {} when the relay ends", ownership.owned());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      LOG.warn("interrupted while releasing {}", ownership.owned());
    }
  }
}
