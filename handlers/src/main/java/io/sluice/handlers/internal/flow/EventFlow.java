package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The way of a domain's events: each is taken on, its row is read, it waits for its turn within its
 * aggregate, its handler is called, the outcome is written, and only then the next of the aggregate
 * has its turn. Aggregates do not wait for one another. All of it runs on the domain's thread, to
 * which database, handlers and brokers answer through the {@link Mailbox}.
 */
public final class EventFlow {

  private final HandlerTimings timings;
  private final InstantSource clock;
  private final Timers timers = new Timers();
  private final Mailbox mailbox;
  private final HandlerCalls calls;
  private final Buffer buffer;
  private final Turns turns;
  private final EventDomain domain;
  private final FlowLog log;
  private final Standstill standstill = new Standstill();
  private final PutOff putOff;
  private Optional<Instant> oldest = Optional.empty();
  private Optional<Instant> oldestLeft = Optional.empty();
  private Instant nextLook = Instant.MIN;
  private volatile FlowLoad load = FlowLoad.NONE;

  /**
   * @param clock one that is never set back, for waits
   */
  public EventFlow(
      FlowSettings settings,
      Rows rows,
      HandlerCalls calls,
      DeadLetters letters,
      OutcomeCounters counters,
      InstantSource clock) {
    this.timings = settings.timings();
    this.clock = clock;
    this.domain = settings.domain();
    this.log = new FlowLog(clock);
    this.calls = calls;
    this.mailbox = new Mailbox(this::broke);
    this.buffer = new Buffer(settings.bufferedEvents(), settings.bufferedBytes());
    FlowContext context = new FlowContext(settings, rows, mailbox, timers, clock, log, counters);
    this.putOff = new PutOff(context);
    this.turns = new Turns(context, buffer, calls, letters, putOff);
  }

  /** The periods it works by. */
  public HandlerTimings timings() {
    return timings;
  }

  private void broke(Task task, Throwable cause) {
    turns.broke(task, cause);
  }

  /** What to do to have {@link #turn} called soon. */
  public void wakeBy(Runnable wakeUp) {
    mailbox.wakeBy(wakeUp);
  }

  /** Takes an event on, unless it could not go on and others need the room. */
  public void add(Task task) {
    if (!putOff.leaves(task)) {
      turns.add(task);
    }
  }

  /**
   * Why events were put off that can go on: they are to be read again before anything else is.
   *
   * @param isReading whether what this has told before is still being read
   */
  public Set<PutOffReason> takeBack(boolean isReading) {
    return putOff.takeBack(isReading);
  }

  /** Whether no more is to be fetched for now. */
  public boolean isFull() {
    return buffer.isFull();
  }

  /** Takes in what others have done, and goes on with whatever can. */
  public void turn() {
    mailbox.open();
    timers.run(clock.instant());
    turns.callNext();
    look(clock.instant());
    load =
        new FlowLoad(buffer.events(), buffer.bytes(), turns.calls(), turns.aggregates(), oldest());
  }

  private void look(Instant now) {
    if (!now.isBefore(nextLook)) {
      // All events are looked at for the oldest, hence not at every turn.
      nextLook = now.plus(timings.round());
      if (buffer.isFull()) {
        putOff.makeRoom(turns, buffer);
      }
      turns.freePlaces();
      oldest = turns.all().map(task -> task.event().createdAt()).min(Instant::compareTo);
      oldestLeft = putOff.oldest();
    }
    if (standstill.isToBeTold(buffer, now)) {
      log.standstill(domain, standstill.lasts(now), turns.all());
    }
  }

  private Optional<Instant> oldest() {
    Optional<Instant> buffered = turns.aggregates() == 0 ? Optional.empty() : oldest;
    return Stream.concat(buffered.stream(), oldestLeft.stream()).min(Instant::compareTo);
  }

  /** How long until something is due, if nothing happens before; at most {@code longest}. */
  public Duration untilDue(Duration longest) {
    return turns.canCall() ? Duration.ZERO : timers.untilDue(clock.instant(), longest);
  }

  /** Partitions have come, perhaps from another worker. */
  public void partitionsCame() {
    turns.partitionsCame();
  }

  /** Forgets events of partitions that went; what is in hand is brought to its end all the same. */
  public void forgetLost() {
    turns.forgetLost();
  }

  /**
   * Waits for what is in hand, without beginning anything new.
   *
   * @param which whose places are meant
   * @return whether it was all done in time
   */
  public boolean settle(Predicate<Place> which, Duration timeout) throws InterruptedException {
    Instant deadline = clock.instant().plus(timeout);
    mailbox.open();
    while (turns.inHand().all().stream().anyMatch(task -> which.test(task.place()))) {
      timers.run(clock.instant());
      Duration left = Duration.between(clock.instant(), deadline);
      if (left.isNegative() || left.isZero()) {
        return false;
      }
      Duration wait = timers.untilDue(clock.instant(), left);
      if (!mailbox.openNext(wait) && wait.equals(left)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Breaks calls off: nobody waits for them any more.
   *
   * @param which whose places are meant
   */
  public void abandon(Predicate<Place> which) {
    turns.inHand().all().stream()
        .filter(task -> which.test(task.place()))
        .forEach(task -> task.invocation().ifPresent(calls::abandon));
  }

  /** Events that were begun and have not come to their end. */
  public List<HandledEvent> halfDone() {
    return turns.inHand().all().stream().map(Task::event).toList();
  }

  /** How much is under way, as of the last turn. Thread-safe. */
  public FlowLoad load() {
    return load;
  }
}
