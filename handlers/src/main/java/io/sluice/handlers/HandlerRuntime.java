package io.sluice.handlers;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.deadletter.DeadLetterProducer;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs handlers for the events of one or more domains and writes each outcome to the event's row.
 *
 * <p>A handler that returns makes its event PUBLISHED. One that throws adds one to {@code
 * retry_count} and makes it RETRY, to be tried again after a growing wait, or, once the count
 * reaches the row's {@code max_retries}, FAILED, with a dead letter. The row alone knows count and
 * time, so all goes on where it was when a worker dies. An event is handled at least once, by a
 * {@link io.sluice.handlers.api.TransactionalEventHandler} exactly once; a Kafka offset is
 * committed only when the rows of all events before it are written.
 *
 * <p>Events of one aggregate are handled one after another, those of different aggregates at the
 * same time, however few partitions there are. An event that waits, for its next attempt, its slow
 * handler or its shard's database, holds up its own aggregate alone. Each domain has a consumer
 * group, a consumer and threads of its own. Runtimes in other processes share the partitions.
 *
 * <p>A runtime is configured by its {@link #builder}, started once and closed once, by whoever
 * built it; data sources are not closed. Thread-safe. The data sources' pools should hold a
 * connection for each shard's outcomes, and as many as transactional handlers are to run at the
 * same time; they should have connect and socket timeouts.
 *
 * <pre>{@code
 * HandlerRuntime runtime =
 *     HandlerRuntime.builder()
 *         .kafka(Map.of("bootstrap.servers", "localhost:9092"))
 *         .shards(ShardDataSources.of(Map.of(ShardId.of("shard-1"), dataSource)))
 *         .unhandled(Unhandled.FAIL)
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

  private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);

  /** Beyond the timeout, for threads to notice it themselves. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** Beyond the timeout, for all that is closed after the threads. */
  private static final Duration LONGEST_REST = GRACE.multipliedBy(4);

  /** A runtime goes through these in order. */
  private enum State {
    NEW,
    RUNNING,
    CLOSED
  }

  private final Map<EventDomain, DomainWorker> workers;
  private final Rows rows;
  private final DeadLetterProducer letters;
  private final Duration closeTimeout;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CountDownLatch ended = new CountDownLatch(1);
  // Guarded by itself, and changed together with the state.
  private final List<Thread> threads = new ArrayList<>();

  HandlerRuntime(
      Map<EventDomain, DomainWorker> workers,
      Rows rows,
      DeadLetterProducer letters,
      Duration closeTimeout) {
    this.workers = new TreeMap<>(workers);
    this.rows = rows;
    this.letters = letters;
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
    synchronized (threads) {
      if (!state.compareAndSet(State.NEW, State.RUNNING)) {
        throw new IllegalStateException(
            "this handler runtime is %s already: build another one to start"
                .formatted(state.get()));
      }
      workers.forEach((domain, worker) -> threads.add(thread(domain, worker)));
      threads.forEach(Thread::start);
    }
  }

  private static Thread thread(EventDomain domain, DomainWorker worker) {
    return new Thread(worker.loop(), threadPrefix(domain) + "consumer");
  }

  static String threadPrefix(EventDomain domain) {
    return "sluice-handlers-%s-".formatted(domain.lowerCaseName());
  }

  /** What has been done so far, over all domains. */
  public HandlerStatistics statistics() {
    return workers.values().stream()
        .map(DomainWorker::statistics)
        .reduce(HandlerStatistics.NONE, HandlerStatistics::plus);
  }

  /** What each domain has done so far, and what it has under way. */
  public Map<EventDomain, DomainSnapshot> snapshot() {
    Map<EventDomain, DomainSnapshot> all = new TreeMap<>();
    workers.forEach((domain, worker) -> all.put(domain, worker.snapshot()));
    return all;
  }

  /**
   * The same of one domain.
   *
   * @throws IllegalArgumentException if it has no handlers here
   */
  public DomainSnapshot snapshot(EventDomain domain) {
    DomainWorker worker = workers.get(domain);
    if (worker == null) {
      throw new IllegalArgumentException(
          "domain %s has no handlers in this runtime, those that have are %s"
              .formatted(domain, workers.keySet()));
    }
    return worker.snapshot();
  }

  /**
   * Like {@link #stop} with the {@linkplain HandlerRuntimeBuilder#closeTimeout close timeout}, of
   * which handlers have three quarters, or all but four seconds where that is more; what is left
   * half done is told in the log.
   */
  @Override
  public void close() {
    stop(closeTimeout);
  }

  /**
   * Begins no more events, lets those in hand be finished and written, commits their offsets and
   * leaves the groups, all within this time. A quarter of it, four seconds at most, is kept for the
   * end: handlers still busy when the rest is over are interrupted, their connections cut and their
   * stages cancelled, and half of what was kept is waited for them; the other half is for offsets
   * and groups. What was broken off stays as its row says, and is delivered again. It is in {@link
   * StopReport#abandoned}, also where the handler does not heed its interrupt and goes on.
   *
   * <p>Returns within the timeout where brokers and databases answer, and within four seconds more
   * where a thread, the brokers or a database hold up the end. A domain whose thread goes on even
   * then is in {@link StopReport#unended}. An interrupt of the calling thread does not shorten
   * this, and is set again at the end.
   *
   * <p>Where another thread stops the runtime already, or has done so, its end is awaited, as long
   * as this timeout allows, and told again: a shutdown hook may call {@link #close} while the main
   * thread is about it. A runtime that was not started has nothing to report.
   *
   * @param timeout of the whole stop, so that an orchestrator's grace period can hold it; at most a
   *     day
   * @throws IllegalArgumentException if the timeout is negative or too long; the runtime goes on
   * @throws IllegalStateException if a handler calls this on its own thread, which would wait for
   *     itself; the runtime goes on
   */
  public StopReport stop(Duration timeout) {
    checkTimeout(timeout);
    refuseHandlers();
    State before;
    synchronized (threads) {
      before = state.getAndSet(State.CLOSED);
    }
    try (KeptInterrupts interrupts = new KeptInterrupts()) {
      switch (before) {
        case NEW -> ended.countDown();
        case RUNNING -> end(timeout, interrupts);
        case CLOSED -> interrupts.await(this::awaitEnd, deadline(timeout.plus(LONGEST_REST)));
      }
      return report();
    }
  }

  private static void checkTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "the timeout to stop handlers is %s: it must be from nothing to a day"
              .formatted(timeout));
    }
  }

  private void refuseHandlers() {
    for (Map.Entry<EventDomain, DomainWorker> worker : workers.entrySet()) {
      if (worker.getValue().calls().isCalling()) {
        throw new IllegalStateException(
            "a handler of domain %s stops its own runtime, which would wait for that handler: let"
                    .formatted(worker.getKey())
                + " another thread do it");
      }
    }
  }

  private static long deadline(Duration timeout) {
    return System.nanoTime() + timeout.toNanos();
  }

  private void awaitEnd(long millis) throws InterruptedException {
    if (!ended.await(millis, TimeUnit.MILLISECONDS)) {
      LOG.warn("this handler runtime is being closed by another thread, which has not ended yet");
    }
  }

  private void end(Duration timeout, KeptInterrupts interrupts) {
    try {
      workers.values().forEach(worker -> worker.loop().stop(timeout));
      awaitThreads(deadline(timeout.plus(GRACE)), interrupts);
      workers.forEach(
          (domain, worker) -> interrupts.attempt("handlers of domain " + domain, worker::end));
      interrupts.attempt("the producer of dead letters", () -> letters.close(GRACE));
      interrupts.attempt("what reads and writes rows", rows::close);
    } finally {
      ended.countDown();
    }
  }

  private StopReport report() {
    List<HandledEvent> abandoned = new ArrayList<>();
    Set<EventDomain> unended = new TreeSet<>();
    if (isUnstarted()) {
      return new StopReport(abandoned, unended);
    }
    workers.forEach(
        (domain, worker) -> {
          abandoned.addAll(worker.loop().abandoned());
          if (!worker.loop().hasEnded()) {
            unended.add(domain);
          }
        });
    return new StopReport(abandoned, unended);
  }

  private boolean isUnstarted() {
    synchronized (threads) {
      return threads.isEmpty();
    }
  }

  private void awaitThreads(long deadline, KeptInterrupts interrupts) {
    List<Thread> running;
    synchronized (threads) {
      running = List.copyOf(threads);
    }
    running.forEach(thread -> interrupts.await(thread::join, deadline));
    List<Thread> late = running.stream().filter(Thread::isAlive).toList();
    late.forEach(HandlerRuntime::interrupt);
    // One grace for all of them: the bound of the whole must not grow with the domains.
    long last = deadline(GRACE);
    late.forEach(thread -> interrupts.await(thread::join, last));
  }

  private static void interrupt(Thread thread) {
    LOG.error("{} has not ended in time: it is interrupted", thread.getName());
    thread.interrupt();
  }
}
