package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Invocation.Cut;
import io.sluice.handlers.internal.status.Rows;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Processes the events of a domain. It reads an event's row, waits until the event is the head of
 * its aggregate queue, calls the handler, writes the outcome, and then advances the next event of
 * the aggregate. Aggregates do not wait for one another. Everything runs on the domain's thread,
 * which receives answers of databases, handlers and brokers through the {@link EventLoop}.
 */
public final class EventProcessor {

  /**
   * The load of a domain.
   *
   * @param events the number of events in flight
   * @param bytes the size of their payloads in memory
   * @param calls the number of running handlers
   * @param aggregates the number of aggregates with events in flight
   * @param oldest the creation time of the oldest event in flight
   * @param rowsMissing the number of events that wait because their row is missing
   */
  public record Load(
      int events,
      long bytes,
      int calls,
      int aggregates,
      Optional<Instant> oldest,
      int rowsMissing) {

    public Load {
      Objects.requireNonNull(oldest, "oldest");
    }
  }

  /** The most rounds of a turn, so that the caller can poll meanwhile. */
  private static final int ROUNDS = 10;

  private final HandlerTimings timings;
  private final Rows rows;
  private final EventLoop loop;
  private final Attempts attempts;
  private final AggregateScheduler scheduler;
  private final ProcessingMonitor monitor;
  private Optional<Instant> oldestUnreachable = Optional.empty();
  private Instant nextLook = Instant.MIN;
  private volatile Load load = new Load(0, 0, 0, 0, Optional.empty(), 0);

  /**
   * @param clock a clock for waits, which is never set back
   */
  public EventProcessor(
      ProcessingSettings settings,
      Rows rows,
      HandlerCalls calls,
      DeadLetters letters,
      InstantSource clock) {
    this.timings = settings.timings();
    this.rows = rows;
    this.monitor = new ProcessingMonitor(settings.domain(), clock);
    this.loop = new EventLoop(clock, this::broke);
    DeadLetterSender sender =
        new DeadLetterSender(letters, settings.group(), loop, monitor, timings.deadLetter());
    this.attempts = new Attempts(rows, calls, sender, loop, monitor);
    this.scheduler = new AggregateScheduler(settings, rows, attempts, loop, monitor);
  }

  /** The periods of the processing. */
  public HandlerTimings timings() {
    return timings;
  }

  private void broke(InFlightEvent event, Throwable cause) {
    scheduler.broke(event, cause);
  }

  /** Sets the action that has {@link #turn} called soon. */
  public void wakeBy(Runnable wakeUp) {
    loop.wakeBy(wakeUp);
  }

  /** Adds an event that was polled. */
  public void add(HandledEvent event, DeliveredRecord record) {
    if (rows.reaches(event.shard())) {
      scheduler.add(new InFlightEvent(event, record, scheduler.outstanding()));
      return;
    }
    // This worker can never handle the event, so it only leaves the event's offset unfinished.
    monitor.unreachable(event);
    oldestUnreachable =
        Stream.concat(oldestUnreachable.stream(), Stream.of(event.createdAt()))
            .min(Instant::compareTo);
  }

  /** Whether fetching must pause. */
  public boolean isFull() {
    return scheduler.buffer().isFull();
  }

  /**
   * Runs messages and timers that are due, and continues with all events that can. Also with what
   * has arrived meanwhile, because the caller's own work between two turns takes longer than that.
   */
  public void turn() {
    for (int round = 0; round < ROUNDS && (round == 0 || loop.hasMessages()); round++) {
      takeRound();
    }
  }

  private void takeRound() {
    loop.runMessages();
    loop.runTimers();
    Instant now = loop.now();
    if (!now.isBefore(nextLook)) {
      nextLook = now.plus(timings.round());
      scheduler.look();
    }
    scheduler.bringBack();
    scheduler.callNext();
    report(now);
  }

  private void report(Instant now) {
    Buffer buffer = scheduler.buffer();
    if (buffer.isDeferralFull()) {
      monitor.deferralFull(buffer.deferred());
    }
    buffer.stall(now).ifPresent(duration -> monitor.stalled(duration, scheduler.all()));
    Optional<Instant> oldest =
        Stream.concat(buffer.oldest().stream(), oldestUnreachable.stream()).min(Instant::compareTo);
    load =
        new Load(
            buffer.events(),
            buffer.bytes(),
            scheduler.outstanding().calls(),
            scheduler.aggregates(),
            oldest,
            scheduler.rowsMissing());
    monitor.report();
  }

  /** Logs what was counted and not logged yet, at the end. */
  public void end() {
    monitor.reportAll();
  }

  /** The time until {@link #turn} must be called again, at most {@code longest}. */
  public Duration untilDue(Duration longest) {
    return scheduler.canCallMore() ? Duration.ZERO : loop.untilDue(longest);
  }

  /** Handles the assignment of partitions, perhaps from another worker. */
  public void partitionsCame() {
    scheduler.partitionsCame();
  }

  /**
   * Removes the events of revoked partitions, except outstanding ones, which leave when they end.
   */
  public void forgetLost() {
    scheduler.forgetLost();
  }

  /**
   * Waits for outstanding events, and starts no others.
   *
   * @param which the records to wait for
   * @return whether all of them were completed in time
   */
  public boolean settle(Predicate<DeliveredRecord> which, Duration timeout)
      throws InterruptedException {
    Instant deadline = loop.now().plus(timeout);
    loop.runMessages();
    while (!outstanding(which).isEmpty()) {
      loop.runTimers();
      Duration left = Duration.between(loop.now(), deadline);
      if (left.isNegative() || left.isZero()) {
        return false;
      }
      Duration wait = loop.untilDue(left);
      if (!loop.awaitMessage(wait) && wait.equals(left)) {
        return false;
      }
    }
    return true;
  }

  private List<InFlightEvent> outstanding(Predicate<DeliveredRecord> which) {
    return scheduler.outstanding().all().stream()
        .filter(event -> which.test(event.record()))
        .toList();
  }

  /**
   * Cancels calls whose outcome is no longer needed.
   *
   * @param which the records whose calls are cancelled
   */
  public void abandon(Predicate<DeliveredRecord> which) {
    attempts.cut(outstanding(which), Cut.ABANDONED);
  }

  /** The outstanding events. */
  public List<HandledEvent> halfDone() {
    return scheduler.outstanding().all().stream().map(InFlightEvent::event).toList();
  }

  /** The counters of outcomes. Thread-safe. */
  public OutcomeCounters counters() {
    return monitor.counters();
  }

  /** The load as of the last turn. Thread-safe. */
  public Load load() {
    return load;
  }
}
