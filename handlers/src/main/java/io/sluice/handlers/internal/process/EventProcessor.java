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
 * Processes a domain's events: the row of each is read, it waits for its turn within its aggregate,
 * its handler is called, the outcome is written, and only then the next event of the aggregate has
 * its turn. Aggregates do not wait for one another. All of it runs on the domain's thread, to which
 * databases, handlers and brokers answer through the {@link EventLoop}.
 */
public final class EventProcessor {

  /**
   * How much of a domain is in flight.
   *
   * @param events fetched and not finished
   * @param bytes of their payloads, as far as these are in memory
   * @param calls of handlers that run
   * @param aggregates that have such events
   * @param oldest when the event among them was created that was created first
   */
  public record Load(int events, long bytes, int calls, int aggregates, Optional<Instant> oldest) {

    public Load {
      Objects.requireNonNull(oldest, "oldest");
    }
  }

  private final HandlerTimings timings;
  private final Rows rows;
  private final EventLoop loop;
  private final Attempts attempts;
  private final AggregateScheduler scheduler;
  private final ProcessingMonitor monitor;
  private Optional<Instant> oldestUnreachable = Optional.empty();
  private Instant nextLook = Instant.MIN;
  private volatile Load load = new Load(0, 0, 0, 0, Optional.empty());

  /**
   * @param clock one that is never set back, for waits
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

  /** The periods it works by. */
  public HandlerTimings timings() {
    return timings;
  }

  private void broke(InFlightEvent event, Throwable cause) {
    scheduler.broke(event, cause);
  }

  /** What to do to have {@link #turn} called soon. */
  public void wakeBy(Runnable wakeUp) {
    loop.wakeBy(wakeUp);
  }

  /** Adds an event that was fetched. */
  public void add(HandledEvent event, DeliveredRecord record) {
    if (rows.reaches(event.shard())) {
      scheduler.add(new InFlightEvent(event, record, scheduler.outstanding()));
      return;
    }
    // Its offset stays unfinished, and nothing else is kept: this worker never can handle it.
    monitor.unreachable(event);
    oldestUnreachable =
        Stream.concat(oldestUnreachable.stream(), Stream.of(event.createdAt()))
            .min(Instant::compareTo);
  }

  /** Whether no more events are to be fetched for now. */
  public boolean isFull() {
    return scheduler.buffer().isFull();
  }

  /** Handles what has come and what is due, and continues with all events that can. */
  public void turn() {
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
            oldest);
  }

  /** How long until a timer is due, if nothing happens before; at most {@code longest}. */
  public Duration untilDue(Duration longest) {
    return scheduler.canCallMore() ? Duration.ZERO : loop.untilDue(longest);
  }

  /** Partitions have come, perhaps from another worker. */
  public void partitionsCame() {
    scheduler.partitionsCame();
  }

  /** Forgets events of partitions that went; outstanding ones are brought to their end. */
  public void forgetLost() {
    scheduler.forgetLost();
  }

  /**
   * Waits for outstanding events, without beginning anything new.
   *
   * @param which whose records are meant
   * @return whether none was left in time
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
   * Ends calls whose outcome is not needed any more.
   *
   * @param which whose records are meant
   */
  public void abandon(Predicate<DeliveredRecord> which) {
    attempts.cut(outstanding(which), Cut.ABANDONED);
  }

  /** Events that were begun and have not come to their end. */
  public List<HandledEvent> halfDone() {
    return scheduler.outstanding().all().stream().map(InFlightEvent::event).toList();
  }

  /** What has become of events. Thread-safe. */
  public OutcomeCounters counters() {
    return monitor.counters();
  }

  /** How much is in flight, as of the last turn. Thread-safe. */
  public Load load() {
    return load;
  }
}
