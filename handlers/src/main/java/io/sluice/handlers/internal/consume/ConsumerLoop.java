package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.process.EventProcessor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the consumer of a domain until it is stopped. After a failure, it backs off and starts a new
 * session. All methods run on the thread that calls {@link #run}, except {@link #stop}, {@link
 * #problem}, {@link #hasEnded} and {@link #abandoned}.
 */
public final class ConsumerLoop implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ConsumerLoop.class);

  private static final Duration RESTART_CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration GLANCE = Duration.ofMillis(100);

  /**
   * The fraction of the close timeout that is reserved for cancelled calls to end. The same time is
   * reserved for leaving the group.
   */
  private static final int LEAVE_PART = 8;

  private static final Duration LONGEST_LEAVE = Duration.ofSeconds(2);

  private final DomainStream stream;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final EventProcessor processor;
  private final InstantSource clock;
  private final StreamHealth health;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private volatile boolean running = true;
  private volatile Duration closeTimeout = RESTART_CLOSE_TIMEOUT;
  private volatile @Nullable ConsumerSession session;
  private volatile Instant deadline = Instant.MAX;
  private volatile List<HandledEvent> abandoned = List.of();
  private volatile boolean ended;
  private int failures;

  /**
   * @param clock a clock for waits, which is never set back
   */
  public ConsumerLoop(
      DomainStream stream,
      Supplier<Consumer<byte[], byte[]>> consumers,
      EventProcessor processor,
      InstantSource clock) {
    this.stream = stream;
    this.consumers = consumers;
    this.processor = processor;
    this.clock = clock;
    this.health = new StreamHealth(stream);
  }

  @Override
  public void run() {
    try {
      while (running) {
        runOnce();
      }
    } catch (RuntimeException | Error e) {
      health.failed(e);
      LOG.error(
          "handlers of domain {} end because of an unexpected error: restart the worker",
          stream.domain(),
          e);
      throw e;
    } finally {
      finish();
    }
  }

  /** Requests the end of the loop within this time, and returns immediately. Thread-safe. */
  public void stop(Duration timeout) {
    closeTimeout = timeout;
    deadline = clock.instant().plus(timeout);
    running = false;
    stopped.countDown();
    ConsumerSession current = session;
    if (current != null) {
      current.wake();
    }
  }

  void runOnce() {
    try {
      turn();
    } catch (WakeupException e) {
      LOG.trace("woken outside a poll; the next turn handles the reason", e);
    } catch (InterruptException e) {
      LOG.warn("handlers of domain {} end: their thread was interrupted", stream.domain());
      running = false;
    } catch (TopicCheck.MissingTopicException | RetriableException e) {
      // The consumer itself is still usable.
      pauseAfter(e);
    } catch (RuntimeException | Error e) {
      restart(e);
    }
  }

  private void turn() {
    ConsumerSession current = session;
    if (current == null) {
      current = new ConsumerSession(stream, consumers.get(), processor, clock);
      session = current;
    }
    current.turn();
    if (current.isSound()) {
      health.worked();
      failures = 0;
    }
  }

  private void restart(Throwable cause) {
    ConsumerSession broken = session;
    session = null;
    if (broken != null) {
      close(broken, cause);
    }
    pauseAfter(cause);
  }

  private void pauseAfter(Throwable cause) {
    health.failed(cause);
    failures++;
    pause(processor.timings().consumerRestart().delay(failures));
  }

  private static void close(ConsumerSession broken, Throwable cause) {
    try {
      broken.close(RESTART_CLOSE_TIMEOUT);
    } catch (RuntimeException | Error e) {
      cause.addSuppressed(e);
    }
  }

  private void pause(Duration delay) {
    long end = System.nanoTime() + delay.toNanos();
    try {
      // Outstanding events are completed during the pause.
      while (running && System.nanoTime() < end && !processor.settle(any -> true, GLANCE)) {
        LOG.trace("events of domain {} are outstanding", stream.domain());
      }
      if (stopped.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        running = false;
      }
    } catch (InterruptedException e) {
      running = false;
    } catch (RuntimeException | Error e) {
      // The cause is already logged, and this thread must survive it.
      LOG.debug("outstanding events of domain {} could not be waited for", stream.domain(), e);
    }
  }

  private Duration untilEnd() {
    // An interrupt without a call of stop leaves no time.
    return deadline.equals(Instant.MAX) ? Duration.ZERO : until(deadline);
  }

  private Duration until(Instant end) {
    Duration left = Duration.between(clock.instant(), end);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** Waits for running handlers, commits finished events, and leaves the group. */
  private void finish() {
    Duration leave = min(closeTimeout.dividedBy(LEAVE_PART), LONGEST_LEAVE);
    try {
      processor.settle(any -> true, untilEnd().minus(leave.multipliedBy(2)));
      abandoned = processor.halfDone();
      processor.abandon(any -> true);
      processor.settle(any -> true, min(leave, untilEnd()));
    } catch (InterruptedException | RuntimeException | Error e) {
      LOG.warn("handlers of domain {} could not wait for outstanding events", stream.domain(), e);
      abandoned = processor.halfDone();
    }
    ConsumerSession last = session;
    if (last != null) {
      leave(last, leave);
    }
    processor.end();
    reportAbandoned();
    ended = true;
  }

  private void leave(ConsumerSession last, Duration timeout) {
    try {
      last.close(timeout);
    } catch (RuntimeException | Error e) {
      LOG.warn(
          "the consumer of domain {} did not leave its group in order: {}: events it finished last"
              + " are delivered again and skipped",
          stream.domain(),
          e.toString());
    }
  }

  private void reportAbandoned() {
    if (!abandoned.isEmpty()) {
      LOG.warn(
          "handlers of domain {} ended with {} event(s) half done: {}: nothing is lost, they are"
              + " delivered again",
          stream.domain(),
          abandoned.size(),
          abandoned);
    }
  }

  /** Why the domain's records are not read at present, if they are not. Thread-safe. */
  public Optional<String> problem() {
    boolean isUnexpectedEnd = ended && deadline.equals(Instant.MAX);
    return isUnexpectedEnd
        ? Optional.of(health.problem().orElse("the domain's thread was interrupted and has ended"))
        : health.problem();
  }

  /** Whether the loop has ended and {@link #abandoned} is final. Thread-safe. */
  public boolean hasEnded() {
    return ended;
  }

  /**
   * The events that were outstanding when the time for handlers had passed. Final when the loop has
   * ended. Thread-safe.
   */
  public List<HandledEvent> abandoned() {
    return abandoned;
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
