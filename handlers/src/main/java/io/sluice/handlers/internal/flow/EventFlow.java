package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.DeskRequest;
import io.sluice.handlers.internal.status.DeskRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
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
public final class EventFlow {

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
  private final FlowLog log = new FlowLog();
  private final Timers timers = new Timers();
  private final ParkedAggregates parked = new ParkedAggregates();
  private final Map<AggregateKey, Lane> lanes = new HashMap<>();
  private final Deque<Task> ready = new ArrayDeque<>();
  private final Set<Task> inHand = new LinkedHashSet<>();
  private int calling;
  private int buffered;
  private long bufferedBytes;
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
    this.mailbox = new Mailbox();
    this.outcomes = new OutcomeWriter(settings.group(), rows, letters, mailbox, timers, clock, log);
  }

  // For the consumer

  /** What to do to have {@link #turn} called soon. */
  public void wakeBy(Runnable wakeUp) {
    mailbox.wakeBy(wakeUp);
  }

  /** Takes an event on. */
  public void add(Task task) {
    buffered++;
    bufferedBytes += task.event().payloadLength();
    Lane lane = lanes.computeIfAbsent(task.aggregate(), Lane::new);
    lane.add(task);
    read(task);
    Task head = lane.head();
    if (head != null && head.stage() == Stage.BEHIND) {
      bringHeadForward(lane, head);
    }
  }

  /** Whether no more is to be fetched for now. */
  public boolean isFull() {
    return buffered >= settings.bufferedEvents() || bufferedBytes >= settings.bufferedBytes();
  }

  /** Takes in what others have done, and goes on with whatever can. */
  public void turn() {
    mailbox.open();
    timers.run(clock.instant());
    while (calling < settings.concurrency() && !ready.isEmpty()) {
      start(ready.removeFirst());
    }
    load = new FlowLoad(buffered, bufferedBytes, calling, lanes.size());
  }

  /** How long until something is due, if nothing happens before; at most {@code longest}. */
  public Duration untilDue(Duration longest) {
    return timers.untilDue(clock.instant(), longest);
  }

  /** Partitions have come, perhaps from another worker. */
  public void partitionsCame() {
    parked.forgetWhatIsKnown();
  }

  /** Forgets events of partitions that went; what is in hand is brought to its end all the same. */
  public void forgetLost() {
    Predicate<Task> lost = task -> !task.place().isHeld() && !task.isInHand();
    for (Lane lane : List.copyOf(lanes.values())) {
      Collection<Task> removed = lane.removeIf(lost);
      removed.forEach(this::forget);
      if (!removed.isEmpty()) {
        advance(lane);
      }
    }
    ready.removeIf(lost);
  }

  private void forget(Task task) {
    unbuffer(task);
    cancelTimer(task);
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
      mailbox.openNext(timers.untilDue(clock.instant(), left));
    }
    return true;
  }

  /** Breaks all calls off: nobody waits for them any more. */
  public void abandon() {
    inHand.forEach(task -> task.cutOff(Invocation::abandon));
  }

  /** Events that were begun and have not come to their end. */
  public List<HandledEvent> halfDone() {
    return inHand.stream().map(Task::event).toList();
  }

  /** How much is under way, as of the last turn. Thread-safe. */
  public FlowLoad load() {
    return load;
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
        new DeskRequest.Read(
            task.event().id(),
            task.event().maxRetries(),
            task.lastRow(),
            task.place()::isHeld,
            row -> mailbox.execute(() -> wasRead(task, row))));
  }

  private void wasRead(Task task, Optional<RowState> row) {
    Lane lane = lanes.get(task.aggregate());
    if (lane == null || task.stage() != Stage.READING) {
      return;
    }
    task.know(row, clock.instant());
    task.move(Stage.KNOWN);
    if (lane.isHead(task)) {
      advance(lane);
    }
  }

  // The turn

  /** Goes on with the first event of an aggregate, if that waits for nothing. */
  private void advance(Lane lane) {
    Task head = lane.head();
    if (head == null) {
      if (lane.isEmpty()) {
        lanes.remove(lane.aggregate());
      }
      return;
    }
    if (head.stage() == Stage.BEHIND) {
      head.move(Stage.KNOWN);
      head.forgetRow();
    }
    if (head.stage() == Stage.KNOWN) {
      decide(lane, head);
    }
  }

  private void decide(Lane lane, Task head) {
    if (head.readAt().plus(FRESH).isBefore(clock.instant())) {
      read(head);
      return;
    }
    Optional<RowState> row = head.lastRow();
    if (row.isEmpty()) {
      log.rowGone(head.event());
      skip(lane, head);
      return;
    }
    if (row.get().status().isFinal() || row.get().redrives() > head.redrives()) {
      noteFinal(head, row.get());
      skip(lane, head);
      return;
    }
    if (!isHeldUp(lane, head)) {
      await(lane, head, untilAttempt(head, row.get()));
    }
  }

  private void noteFinal(Task task, RowState row) {
    if (row.status() == OutboxStatus.FAILED && row.parked().isEmpty()) {
      noteFailed(task);
    }
    if (row.status() == OutboxStatus.PUBLISHED) {
      notePublished(task);
    }
  }

  private Duration untilAttempt(Task task, RowState row) {
    if (row.retryCount() == 0) {
      return Duration.ZERO;
    }
    Duration wait =
        Backoff.of(calls.find(task.event()).policy()).delay(row.retryCount(), task.event().id());
    Duration age = Duration.between(row.updatedAt(), Instant.now());
    // The row's time is that of another machine's clock, perhaps: it never makes a wait longer.
    return age.isNegative() ? wait : wait.minus(age);
  }

  private void await(Lane lane, Task head, Duration wait) {
    if (wait.isNegative() || wait.isZero()) {
      head.move(Stage.READY);
      ready.addLast(head);
      return;
    }
    head.move(Stage.WAITING);
    head.timed(timers.at(clock.instant().plus(wait), () -> isDue(head)));
    if (settings.whileWaiting() == WhileWaiting.PASS) {
      lane.setHeadAside();
      advance(lane);
    }
  }

  private void isDue(Task task) {
    Lane lane = lanes.get(task.aggregate());
    if (lane == null || task.stage() != Stage.WAITING) {
      return;
    }
    task.move(Stage.KNOWN);
    lane.bringBack(task);
    if (lane.isHead(task)) {
      advance(lane);
    }
  }

  private void skip(Lane lane, Task head) {
    counters.countSkipped();
    finish(lane, head);
  }

  private void finish(Lane lane, Task head) {
    inHand.remove(head);
    lane.removeHead();
    unbuffer(head);
    head.place().finished();
    advance(lane);
  }

  private void unbuffer(Task task) {
    buffered--;
    bufferedBytes -= task.event().payloadLength();
  }

  private void cancelTimer(Task task) {
    Timers.Timer timer = task.timer();
    if (timer != null) {
      timers.cancel(timer);
      task.timed(null);
    }
  }

  // The call

  private void start(Task task) {
    if (!laneOf(task).isHead(task)) {
      // One that had let it pass is back before it.
      task.move(Stage.KNOWN);
      return;
    }
    RowState row = task.row();
    HandledEvent attempt =
        task.event().toBuilder().attempt(row.nextAttempt()).maxRetries(row.maxRetries()).build();
    Registration registration = calls.find(attempt);
    hold(task, Stage.CALLED);
    calling++;
    rows.callBegun(attempt.shard());
    try {
      task.invoked(
          calls.begin(
              attempt,
              task.redrives(),
              registration,
              outcome -> mailbox.execute(() -> ended(task, outcome))));
    } catch (RuntimeException | Error e) {
      // No thread could be had.
      ended(task, new Outcome.Inconclusive(e));
      return;
    }
    task.timed(
        timers.at(clock.instant().plus(registration.policy().timeout()), () -> timeOut(task)));
  }

  private void hold(Task task, Stage stage) {
    task.move(stage);
    inHand.add(task);
  }

  private void timeOut(Task task) {
    log.slow(task.event());
    task.cutOff(Invocation::timeOut);
  }

  private void ended(Task task, Outcome outcome) {
    calling--;
    cancelTimer(task);
    task.invoked(null);
    decide(task, outcome);
    rows.callEnded(task.event().shard());
  }

  private void decide(Task task, Outcome outcome) {
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
    if (outcome instanceof Outcome.Abandoned) {
      return;
    }
    log.setBack(task.event(), outcome);
    inHand.remove(task);
    task.forgetRow();
    task.move(Stage.WAITING);
    Duration wait = SETBACK.delay(task.countSetback());
    task.timed(timers.at(clock.instant().plus(wait), () -> isDue(task)));
  }

  /** It stands where it stood, and the row as it was just seen says what becomes of it. */
  private void backToTurn(Task task, Optional<RowState> row) {
    inHand.remove(task);
    task.know(row, clock.instant());
    task.move(Stage.KNOWN);
    advance(laneOf(task));
  }

  private Lane laneOf(Task task) {
    return Objects.requireNonNull(lanes.get(task.aggregate()), "lane");
  }

  // The outcome

  private void written(Task task, Optional<RowState> after) {
    if (after.isPresent() && after.get().status() == OutboxStatus.PUBLISHED) {
      counters.countPublished();
      notePublished(task);
      finish(laneOf(task), task);
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
      noteFailed(task);
      finish(laneOf(task), task);
      return;
    }
    counters.countRetried();
    log.retried(task.event(), cause, after.get());
    backToTurn(task, after);
  }

  // Parking

  private boolean isParking() {
    return settings.afterFailure() == AfterFailure.PARK;
  }

  private void noteFailed(Task task) {
    if (isParking()) {
      parked.failed(task.aggregate(), task.event().id());
    }
  }

  private void notePublished(Task task) {
    parked
        .head(task.aggregate())
        .filter(task.event().id()::equals)
        .ifPresent(head -> parked.released(task.aggregate()));
  }

  /**
   * Whether an earlier event of the aggregate that failed for good keeps this one from its turn.
   */
  private boolean isHeldUp(Lane lane, Task task) {
    if (!isParking()) {
      return false;
    }
    ShardId shard = task.event().shard();
    if (!parked.isKnown(shard)) {
      askForFailed(shard);
      return true;
    }
    Optional<String> head =
        parked.head(lane.aggregate()).filter(id -> !id.equals(task.event().id()));
    head.ifPresent(id -> park(task, id));
    return head.isPresent();
  }

  private void askForFailed(ShardId shard) {
    if (parked.ask(shard)) {
      int epoch = parked.epoch();
      rows.ask(
          shard,
          new DeskRequest.FailedHeads(
              settings.domain(),
              failed -> mailbox.execute(() -> failedAreKnown(shard, failed, epoch))));
    }
  }

  private void failedAreKnown(ShardId shard, Map<AggregateKey, String> failed, int epoch) {
    parked.know(shard, failed, epoch);
    new ArrayList<>(lanes.values())
        .stream().filter(lane -> lane.aggregate().shard().equals(shard)).forEach(this::advance);
  }

  private void park(Task task, String head) {
    hold(task, Stage.WRITING);
    rows.ask(
        task.event().shard(),
        new DeskRequest.Park(
            task.event().id(), head, answer -> mailbox.execute(() -> parkAnswered(task, answer))));
  }

  private void parkAnswered(Task task, ParkAnswer answer) {
    if (answer instanceof ParkAnswer.Behind behind) {
      if (behind.row().flatMap(RowState::parked).isPresent()) {
        counters.countParked();
        finish(laneOf(task), task);
        return;
      }
      backToTurn(task, behind.row());
    } else if (answer instanceof ParkAnswer.HeadDone) {
      parked.released(task.aggregate());
      task.forgetRow();
      inHand.remove(task);
      task.move(Stage.KNOWN);
      advance(laneOf(task));
    } else {
      inHand.remove(task);
      task.move(Stage.BEHIND);
      bringHeadForward(laneOf(task), task);
    }
  }

  /** The failed event was redriven: its new record belongs before those written after it. */
  private void bringHeadForward(Lane lane, Task waiting) {
    Optional<String> head = parked.head(lane.aggregate());
    if (head.isPresent() && lane.bringForward(head.get())) {
      waiting.move(Stage.KNOWN);
      waiting.forgetRow();
      advance(lane);
    }
  }
}
