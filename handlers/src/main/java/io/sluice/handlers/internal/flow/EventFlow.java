package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The way of a domain's events: each is taken on, its row is read, it waits for its turn within its
 * aggregate, its handler is called, the outcome is written, and only then the next of the aggregate
 * has its turn. Aggregates do not wait for one another. All of it runs on the domain's thread, to
 * which database, handlers and brokers answer through the {@link Mailbox}.
 */
public final class EventFlow implements Parking.Turns, CallSlots.Callers {

  /** A row seen longer ago than this is read again before its event is handled. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** For what is not the event's fault. */
  private static final Backoff SETBACK =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final FlowSettings settings;
  private final Rows rows;
  private final HandlerCalls calls;
  private final OutcomeCounters counters;
  private final Mailbox mailbox;
  private final InstantSource clock;
  private final OutcomeWriter outcomes;
  private final Parking parking;
  private final CallSlots slots;
  private final Buffer buffer;
  private final FlowLog log = new FlowLog();
  private final Timers timers = new Timers();
  private final Map<AggregateKey, Lane> lanes = new HashMap<>();
  private final Set<Task> inHand = new LinkedHashSet<>();
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
    this.settings = settings;
    this.rows = rows;
    this.calls = calls;
    this.counters = counters;
    this.clock = clock;
    this.mailbox = new Mailbox(this::broke);
    this.parking = new Parking(settings, rows, mailbox);
    this.buffer = new Buffer(settings.bufferedEvents(), settings.bufferedBytes());
    this.slots = new CallSlots(settings.concurrency(), calls, rows, mailbox, timers, clock, log);
    this.outcomes = new OutcomeWriter(settings.group(), rows, letters, mailbox, timers, clock, log);
  }

  // For the consumer

  /** What to do to have {@link #turn} called soon. */
  public void wakeBy(Runnable wakeUp) {
    mailbox.wakeBy(wakeUp);
  }

  /** Takes an event on. */
  public void add(Task task) {
    boolean isRepeated = buffer.add(task);
    Lane lane = lanes.computeIfAbsent(task.aggregate(), Lane::new);
    lane.add(task);
    if (isRepeated) {
      // Its row is read when it has its turn: by then the other has perhaps been finished.
      task.move(Stage.KNOWN);
      advanceTo(lane, task);
    } else {
      read(task);
    }
    Task head = lane.head();
    if (head != null && head.stage() == Stage.BEHIND) {
      bringHeadForward(lane, head);
    }
  }

  /** Whether no more is to be fetched for now. */
  public boolean isFull() {
    return buffer.isFull();
  }

  /** Takes in what others have done, and goes on with whatever can. */
  public void turn() {
    mailbox.open();
    timers.run(clock.instant());
    slots.fill(this);
    load = new FlowLoad(buffer.events(), buffer.bytes(), slots.taken(), lanes.size());
  }

  /** How long until something is due, if nothing happens before; at most {@code longest}. */
  public Duration untilDue(Duration longest) {
    return timers.untilDue(clock.instant(), longest);
  }

  /** Partitions have come, perhaps from another worker. */
  public void partitionsCame() {
    parking.partitionsCame();
  }

  /** Forgets events of partitions that went; what is in hand is brought to its end all the same. */
  public void forgetLost() {
    for (Lane lane : List.copyOf(lanes.values())) {
      Collection<Task> removed = lane.removeIf(EventFlow::isLost);
      removed.forEach(this::forget);
      if (!removed.isEmpty()) {
        advance(lane);
      }
    }
    slots.removeIf(EventFlow::isLost);
  }

  private static boolean isLost(Task task) {
    return !task.place().isHeld() && !task.isInHand();
  }

  private void forget(Task task) {
    buffer.remove(task);
    task.timer().ifPresent(timers::cancel);
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
    while (inHand.stream().anyMatch(task -> which.test(task.place()))) {
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

  /** Breaks all calls off: nobody waits for them any more. */
  public void abandon() {
    inHand.forEach(task -> task.invocation().ifPresent(Invocation::abandon));
  }

  /** Events that were begun and have not come to their end. */
  public List<HandledEvent> halfDone() {
    return inHand.stream().map(Task::event).toList();
  }

  /** How much is under way, as of the last turn. Thread-safe. */
  public FlowLoad load() {
    return load;
  }

  /** What nobody foresaw went wrong with an event: it is tried again, and no other is held up. */
  private void broke(Task task, Throwable cause) {
    log.broke(task.event(), cause);
    inHand.remove(task);
    task.forgetRow();
    waitFor(task, SETBACK.delay(task.countSetback()));
  }

  // The row

  private void read(Task task) {
    task.move(Stage.READING);
    ShardId shard = task.event().shard();
    if (!rows.reaches(shard)) {
      log.unreachable(task.event());
      return;
    }
    rows.ask(
        shard,
        new RowRequest.Read(
            task.event().id(),
            task.event().maxRetries(),
            task.lastRow(),
            task.place()::isHeld,
            row -> mailbox.send(task, () -> wasRead(task, row))));
  }

  private void wasRead(Task task, Optional<RowState> row) {
    Lane lane = lanes.get(task.aggregate());
    if (lane == null || task.stage() != Stage.READING) {
      return;
    }
    task.know(row, clock.instant());
    task.move(Stage.KNOWN);
    advanceTo(lane, task);
  }

  private void advanceTo(Lane lane, Task task) {
    if (lane.isHead(task)) {
      advance(lane);
    }
  }

  // The turn

  /** Goes on with the first event of an aggregate, and those behind it that it makes way for. */
  private void advance(Lane lane) {
    boolean goesOn = true;
    while (goesOn) {
      Task head = lane.head();
      goesOn = head != null && makesWay(lane, head);
    }
    if (lane.isEmpty()) {
      lanes.remove(lane.aggregate());
    }
  }

  /** Sends an event on, if it waits for nothing; whether the next has its turn already. */
  private boolean makesWay(Lane lane, Task head) {
    if (isLost(head)) {
      // It was in hand when its partition went: the rest is the next owner's.
      lane.removeHead();
      forget(head);
      return true;
    }
    if (head.stage() != Stage.KNOWN) {
      return false;
    }
    if (!isFresh(head)) {
      read(head);
      return false;
    }
    return decide(lane, head);
  }

  private boolean isFresh(Task task) {
    return !task.readAt().plus(FRESH).isBefore(clock.instant());
  }

  private boolean decide(Lane lane, Task head) {
    Optional<RowState> row = head.lastRow();
    if (row.isEmpty() || row.get().status().isFinal() || row.get().redrives() > head.redrives()) {
      skip(lane, head, row);
      return true;
    }
    return !parking.holds(head, this) && await(lane, head, untilAttempt(head, row.get()));
  }

  private void skip(Lane lane, Task head, Optional<RowState> row) {
    if (row.isEmpty()) {
      log.rowGone(head.event());
    } else {
      parking.seen(head, row.get());
    }
    counters.countSkipped();
    remove(lane, head);
  }

  private Duration untilAttempt(Task task, RowState row) {
    if (row.retryCount() == 0 || task.hasWaitedOut(row.retryCount())) {
      return Duration.ZERO;
    }
    Duration wait =
        Backoff.of(calls.find(task.event()).policy()).delay(row.retryCount(), task.event().id());
    Duration age = Duration.between(row.updatedAt(), Instant.now());
    // The row's time is that of another machine's clock, perhaps: it never makes a wait longer.
    return age.isNegative() ? wait : wait.minus(age);
  }

  private boolean await(Lane lane, Task head, Duration wait) {
    if (wait.isNegative() || wait.isZero()) {
      slots.await(head);
      return false;
    }
    head.waitsOut(head.row().retryCount());
    waitFor(head, wait);
    if (settings.whileWaiting() == WhileWaiting.HOLD) {
      return false;
    }
    lane.setHeadAside();
    return true;
  }

  private void waitFor(Task task, Duration wait) {
    task.move(Stage.WAITING);
    task.timed(Optional.of(timers.at(clock.instant().plus(wait), () -> isDue(task))));
  }

  private void isDue(Task task) {
    Lane lane = lanes.get(task.aggregate());
    if (lane == null || !task.isWaiting()) {
      return;
    }
    task.move(Stage.KNOWN);
    // Much may have happened to it meanwhile.
    task.forgetRow();
    lane.bringBack(task);
    advanceTo(lane, task);
  }

  private void finish(Task head) {
    Lane lane = laneOf(head);
    remove(lane, head);
    advance(lane);
  }

  private void remove(Lane lane, Task head) {
    inHand.remove(head);
    lane.removeHead();
    buffer.remove(head);
    head.place().finished();
  }

  // The call

  @Override
  public boolean isTurnOf(Task task) {
    Lane lane = laneOf(task);
    if (lane.isHead(task) && isFresh(task)) {
      return true;
    }
    // One that had let it pass is back before it; or its shard has not been heard of for a while,
    // and
    // is asked where no call has to wait for the answer.
    task.hasWaited();
    task.move(Stage.KNOWN);
    advanceTo(lane, task);
    return false;
  }

  @Override
  public void hold(Task task, Stage stage) {
    task.move(stage);
    inHand.add(task);
  }

  @Override
  public void ended(Task task, Outcome outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      task.move(Stage.WRITING);
      outcomes.succeeded(task, after -> written(task, after));
    } else if (outcome instanceof Outcome.Failed failed) {
      task.move(Stage.WRITING);
      outcomes.failed(
          task,
          failed.cause(),
          calls.find(task.event()).policy(),
          after -> failureWritten(task, failed.cause(), after));
    } else if (outcome instanceof Outcome.Committed committed) {
      written(task, Optional.of(committed.row()));
    } else if (outcome instanceof Outcome.NotDue notDue) {
      backToTurn(task, notDue.row());
    } else {
      setBack(task, outcome);
    }
  }

  /** Not its fault: nothing is counted, and the row says how to go on. */
  private void setBack(Task task, Outcome outcome) {
    inHand.remove(task);
    task.forgetRow();
    if (outcome instanceof Outcome.Abandoned) {
      task.move(Stage.KNOWN);
      return;
    }
    log.setBack(task.event(), outcome);
    waitFor(task, SETBACK.delay(task.countSetback()));
    if (isLost(task)) {
      advance(laneOf(task));
    }
  }

  private Lane laneOf(Task task) {
    return Objects.requireNonNull(lanes.get(task.aggregate()), "lane");
  }

  // The outcome

  private void written(Task task, Optional<RowState> after) {
    if (after.isPresent() && after.get().status() == OutboxStatus.PUBLISHED) {
      counters.countPublished();
      parking.published(task);
      finish(task);
      return;
    }
    after.ifPresent(row -> log.overtaken(task.event(), row.status()));
    backToTurn(task, after);
  }

  private void failureWritten(Task task, Throwable cause, Optional<RowState> after) {
    task.forgetSetbacks();
    if (after.isEmpty() || after.get().status() == OutboxStatus.PUBLISHED) {
      after.ifPresent(row -> log.overtaken(task.event(), row.status()));
      backToTurn(task, after);
      return;
    }
    if (after.get().status() == OutboxStatus.FAILED) {
      counters.countFailed();
      log.failedForGood(task.event(), cause, after.get());
      parking.failed(task);
      finish(task);
      return;
    }
    counters.countRetried();
    log.retried(task.event(), cause, after.get());
    backToTurn(task, after);
  }

  // For parking

  @Override
  public void wasParked(Task task) {
    counters.countParked();
    finish(task);
  }

  @Override
  public void backToTurn(Task task, Optional<RowState> row) {
    inHand.remove(task);
    task.know(row, clock.instant());
    task.move(Stage.KNOWN);
    advance(laneOf(task));
  }

  @Override
  public void readAgain(Task task) {
    inHand.remove(task);
    task.forgetRow();
    task.move(Stage.KNOWN);
    advance(laneOf(task));
  }

  @Override
  public void standBehind(Task task) {
    inHand.remove(task);
    task.move(Stage.BEHIND);
    task.forgetRow();
    // Should the record not come, because the relay has set it aside, the rows tell.
    timers.at(clock.instant().plus(FRESH), () -> isDue(task));
    bringHeadForward(laneOf(task), task);
  }

  /** The failed event was redriven: its new record belongs before those written after it. */
  private void bringHeadForward(Lane lane, Task waiting) {
    if (parking.headBefore(waiting).filter(lane::bringForward).isPresent()) {
      waiting.move(Stage.KNOWN);
      advance(lane);
    }
  }

  @Override
  public void failedAreKnown(ShardId shard) {
    List.copyOf(lanes.values()).stream()
        .filter(lane -> lane.aggregate().shard().equals(shard))
        .forEach(this::advance);
  }
}
