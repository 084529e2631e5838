package io.sluice.handlers;

import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.handlers.internal.work.OutcomeCounters;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs handlers for the events of one or more domains and writes each outcome to the event's row.
 *
 * <p>A handler that returns makes its event PUBLISHED. One that throws adds one to {@code
 * retry_count} and makes it RETRY, to be tried again after a growing wait, or FAILED once the count
 * reaches the row's {@code max_retries}. The row alone knows the count, so it goes on where it was
 * when a worker dies. An event is handled at least once; a Kafka offset is committed only when the
 * rows of all events before it are written.
 *
 * <p>Each domain has a consumer group, a consumer and threads of its own, and shares nothing with
 * the others but the data sources. Within a Kafka partition events are handled in order, each after
 * the one before it is PUBLISHED or FAILED. Partitions do not wait for one another: an event that
 * waits for its next attempt, or for its shard's database, holds up its own partition alone. A slow
 * handler costs no membership in the group, since polling goes on beside it. Runtimes in other
 * processes share the partitions.
 *
 * <p>A runtime is configured by its {@link #builder}, started once and closed once, by whoever
 * built it; data sources are not closed. Thread-safe. The data sources' pools should hold a
 * connection for each thread and have connect and socket timeouts.
 *
 * <pre>{@code
 * HandlerRuntime runtime =
 *     HandlerRuntime.builder()
 *         .kafka(Map.of("bootstrap.servers", "localhost:9092"))
 *         .shards(ShardDataSources.of(Map.of(ShardId.of("shard-1"), dataSource)))
 *         .handler(EventDomain.PORTFOLIO, "order_created", event -> {
 *           Order order = json.readValue(event.payloadBytes(), Order.class);
 *           confirmations.send(event.id(), order);
 *         })
 *         .build();
 * runtime.start();
 * Runtime.getRuntime().addShutdownHook(new Thread(runtime::close));
 * }</pre>
 */
public final class HandlerRuntime implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerRuntime.class);

  /** Beyond the close timeout, for threads to notice it themselves. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** A runtime goes through these in order. */
  private enum State {
    NEW,
    RUNNING,
    CLOSED
  }

  private final Map<EventDomain, ConsumerLoop> loops;
  private final OutcomeCounters counters;
  private final Duration closeTimeout;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final List<Thread> threads = new ArrayList<>();

  HandlerRuntime(
      Map<EventDomain, ConsumerLoop> loops, OutcomeCounters counters, Duration closeTimeout) {
    this.loops = Map.copyOf(loops);
    this.counters = counters;
    this.closeTimeout = closeTimeout;
  }

  /** Begins the configuration of a runtime. */
  public static HandlerRuntimeBuilder builder() {
    return new HandlerRuntimeBuilder();
  }

  /**
   * Starts the threads and returns at once. Brokers, topics and databases may be away or missing:
   * the runtime says so in the log and waits for them.
   *
   * @throws IllegalStateException if it was started or closed before
   */
  public void start() {
    if (!state.compareAndSet(State.NEW, State.RUNNING)) {
      throw new IllegalStateException(
          "this handler runtime is %s already: build another one to start".formatted(state.get()));
    }
    synchronized (threads) {
      loops.forEach((domain, loop) -> threads.add(thread(domain, loop)));
      threads.forEach(Thread::start);
    }
  }

  private static Thread thread(EventDomain domain, ConsumerLoop loop) {
    return new Thread(loop, threadPrefix(domain) + "consumer");
  }

  static String threadPrefix(EventDomain domain) {
    return "sluice-handlers-%s-".formatted(domain.lowerCaseName());
  }

  /** What has been done so far. */
  public HandlerStatistics statistics() {
    long published = counters.published();
    long failed = counters.failed();
    long retried = counters.retried();
    return new HandlerStatistics(
        published + failed + retried,
        published,
        failed,
        retried,
        counters.skipped(),
        counters.foreign());
  }

  /**
   * Begins no more events, gives those in hand the close timeout to be finished and written,
   * commits their offsets and leaves the groups. A handler still busy then is interrupted; what it
   * had in hand is logged, stays as its row says, and is delivered again. Further calls do nothing.
   */
  @Override
  public void close() {
    if (state.getAndSet(State.CLOSED) == State.RUNNING) {
      loops.values().forEach(loop -> loop.stop(closeTimeout));
      awaitThreads();
    }
  }

  private void awaitThreads() {
    long deadline = System.nanoTime() + closeTimeout.plus(GRACE).toNanos();
    // Who closes because of an interrupt wants an orderly end no less.
    boolean interrupted = Thread.interrupted();
    synchronized (threads) {
      for (Thread thread : threads) {
        await(thread, Duration.ofNanos(deadline - System.nanoTime()));
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Thread thread, Duration timeout) {
    try {
      thread.join(Math.max(1, timeout.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.error("{} has not ended in time: it is interrupted and left behind", thread.getName());
      thread.interrupt();
    }
  }
}
