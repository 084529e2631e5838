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
 * Calls handlers for the events of one or more domains and writes each outcome to the event's row.
 *
 * <p>If the handler returns, the event becomes PUBLISHED. If it throws, {@code retry_count} is
 * incremented. The event becomes RETRY and is retried after an exponential backoff. When the count
 * reaches the row's {@code max_retries}, the event becomes FAILED, with a dead letter. Count and
 * time are stored only in the row, so another worker continues after a crash. An event is handled
 * at least once, and exactly once by a {@link io.sluice.handlers.api.TransactionalEventHandler}. A
 * Kafka offset is committed only after the rows of all events before it are written.
 *
 * <p>Events of one aggregate are handled one after another. Different aggregates are handled
 * concurrently, even in one partition. An event that waits for its next attempt, for a slow handler
 * or for its shard's database delays only its own aggregate. Each domain has a separate consumer
 * group, consumer and threads. Runtimes in other processes share the partitions.
 *
 * <p>A runtime is configured by its {@link #builder}. Its owner starts and closes it once. It does
 * not close the data sources. Thread-safe. The pool of a data source should have one connection for
 * outcomes and one for each transactional handler that runs concurrently, and connect and socket
 * timeouts.
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

  /** The time after the timeout for threads to end before they are interrupted. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The time after the timeout for everything that is closed after the threads. */
  private static final Duration LONGEST_REST = GRACE.multipliedBy(4);

  /** The states of a runtime, in order. */
  private enum State {
    NEW,
    RUNNING,
    CLOSED
  }

  private final Map<EventDomain, DomainWorker> workers;
  private final Rows rows;
  private final DeadLetterProducer deadLetters;
  private final Duration closeTimeout;
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final CountDownLatch ended = new CountDownLatch(1);
  // Guarded by itself. Changed together with the state.
  private final List<Thread> threads = new ArrayList<>();

  HandlerRuntime(
      Map<EventDomain, DomainWorker> workers,
      Rows rows,
      DeadLetterProducer deadLetters,
      Duration closeTimeout) {
    this.workers = new TreeMap<>(workers);
    this.rows = rows;
    this.deadLetters = deadLetters;
    this.closeTimeout = closeTimeout;
  }

  /** Creates a builder, which configures a runtime. */
  public static HandlerRuntimeBuilder builder() {
    return new HandlerRuntimeBuilder();
  }

  /**
   * Starts the threads and returns. If brokers, topics or databases are not available, the runtime
   * logs that and waits for them.
   *
   * @throws IllegalStateException if the runtime was started or closed before
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

  /** The total statistics of all domains. */
  public HandlerStatistics statistics() {
    return workers.values().stream()
        .map(DomainWorker::statistics)
        .reduce(HandlerStatistics.NONE, HandlerStatistics::plus);
  }

  /** The statistics and current load of each domain. */
  public Map<EventDomain, DomainSnapshot> snapshot() {
    Map<EventDomain, DomainSnapshot> all = new TreeMap<>();
    workers.forEach((domain, worker) -> all.put(domain, worker.snapshot()));
    return all;
  }

  /**
   * The statistics and current load of a domain.
   *
   * @throws IllegalArgumentException if the runtime has no handlers for the domain
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
   * Like {@link #stop} with the {@linkplain HandlerRuntimeBuilder#closeTimeout close timeout}.
   * Events that were not finished are logged.
   */
  @Override
  public void close() {
    stop(closeTimeout);
  }

  /**
   * Stops the runtime: starts no more calls, waits until outstanding events are finished and
   * written, commits their offsets and leaves the groups. The last quarter of the timeout, four
   * seconds at most, is reserved. When it begins, running handlers are interrupted, their
   * connections are aborted and their stages cancelled. They have half of the reserved time to end.
   * The other half is for offsets and groups. An event whose call was cancelled keeps its row and
   * is delivered again. It is in {@link StopReport#abandoned}, even if its handler ignores the
   * interrupt and continues.
   *
   * <p>Returns within the timeout if brokers and databases answer, and within four more seconds if
   * a thread, the brokers or a database do not. A domain whose thread has not ended by then is in
   * {@link StopReport#unended}. An interrupt of the calling thread does not shorten the stop, and
   * is restored at the end.
   *
   * <p>If another thread is stopping the runtime or has stopped it, this method waits for the end
   * within its timeout and returns the same report. A shutdown hook can therefore call {@link
   * #close} while the main thread does. The report of a runtime that was not started is empty.
   *
   * @param timeout the timeout of the whole stop, at most a day. Choose it to fit into an
   *     orchestrator's grace period
   * @throws IllegalArgumentException if the timeout is negative or too long; the runtime continues
   * @throws IllegalStateException if a handler calls this method on its own thread, which would
   *     wait for itself; the runtime continues
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
          "the timeout to stop handlers is %d s: it must be from 0 s to a day"
              .formatted(timeout.toSeconds()));
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
      interrupts.attempt("the producer of dead letters", () -> deadLetters.close(GRACE));
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
    // All threads share one grace period, so that the limit does not grow with the number of
    // domains.
    long last = deadline(GRACE);
    late.forEach(thread -> interrupts.await(thread::join, last));
  }

  private static void interrupt(Thread thread) {
    LOG.error("{} has not ended in time: it is interrupted", thread.getName());
    thread.interrupt();
  }
}
