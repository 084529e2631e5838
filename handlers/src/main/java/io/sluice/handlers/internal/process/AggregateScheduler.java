package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.status.FoundRow;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides what is next for each event: the first of each aggregate continues as its row says, and
 * the others wait for it. An event moves through the {@link Stage}s; each method here that answers
 * to something ends in a signal to it. Owned by the domain's thread.
 */
final class AggregateScheduler {

  private final ProcessingSettings settings;
  private final HandlerTimings timings;
  private final Rows rows;
  private final Attempts attempts;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;
  private final AggregateQueues queues = new AggregateQueues();
  private final Buffer buffer;
  private final ConcurrencyLimiter limiter;
  private final OutstandingEvents outstanding = new OutstandingEvents();
  private final Parking parking;
  private final Deferrals deferrals;
  private final AwayShards away;
  private final RowQuestions questions;
  private final StepDecider decider;

  AggregateScheduler(
      ProcessingSettings settings,
      Rows rows,
      Attempts attempts,
      EventLoop loop,
      ProcessingMonitor monitor) {
    this.settings = settings;
    this.timings = settings.timings();
    this.rows = rows;
    this.attempts = attempts;
    this.loop = loop;
    this.monitor = monitor;
    this.buffer =
        new Buffer(settings.bufferedEvents(), settings.bufferedBytes(), rows.havePayloads());
    this.limiter = new ConcurrencyLimiter(settings.concurrency());
    this.parking = new Parking(settings, rows, loop);
    this.deferrals = new Deferrals(queues, buffer, loop);
    this.away = new AwayShards(rows, loop, timings.deferral());
    this.questions = new RowQuestions(rows, loop);
    this.decider = new StepDecider(attempts, parking, away, loop, timings.rowFreshness());
  }

  // What comes in

  /** Adds an event that was fetched. */
  void add(InFlightEvent event) {
    noticeIfAway(event.shard());
    boolean isRepeated = buffer.add(event);
    AggregateQueue queue = queues.getOrAdd(event.aggregate());
    InFlightEvent formerHead = queue.head();
    InFlightEvent before = queue.add(event);
    if (before == null) {
      if (formerHead != null) {
        deferrals.noLongerHead(queue, formerHead);
      }
      advance(queue);
    } else if (before.isDeferred() || queue.isHeldUp()) {
      deferrals.defer(event, Awaited.PREDECESSOR);
    } else {
      queue.followersDeferred(false);
      // One whose twin is in flight is read when it has its turn: the twin may be done by then.
      if (!isRepeated) {
        read(event);
      }
    }
  }

  /** Partitions have come, whose former owner may have events that have failed since. */
  void partitionsCame() {
    parking.partitionsCame();
  }

  /** Forgets events of partitions that went, except those that are outstanding. */
  void forgetLost() {
    for (AggregateQueue queue : queues.all()) {
      List<InFlightEvent> lost = queue.removeIf(InFlightEvent::isLost);
      lost.forEach(this::lose);
      if (!lost.isEmpty()) {
        advance(queue);
      }
    }
  }

  private void lose(InFlightEvent event) {
    event.on(Signal.PARTITION_LOST);
    deferrals.cancelTimer(event);
    buffer.remove(event);
  }

  // The turn

  /** Continues with the first event of an aggregate, and with those behind it that it lets pass. */
  private void advance(AggregateQueue queue) {
    boolean isNextHead = true;
    while (isNextHead) {
      InFlightEvent head = queue.head();
      isNextHead = head != null && step(queue, head);
    }
    if (queue.isEmpty()) {
      queues.remove(queue);
    }
  }

  /**
   * @return whether another event is the head now, and has its turn
   */
  private boolean step(AggregateQueue queue, InFlightEvent head) {
    if (head.isLost()) {
      queue.removeHead();
      lose(head);
      return true;
    }
    if (head.awaits(Awaited.PREDECESSOR)) {
      deferrals.comeBack(queue);
      return false;
    }
    return head.stage() == Stage.QUEUED && begin(queue, head, decider.next(head));
  }

  private boolean begin(AggregateQueue queue, InFlightEvent head, StepDecider.Step step) {
    switch (step) {
      case READ_ROW -> read(head);
      case CONFIRM_ROW -> questions.confirm(head, answer -> confirmed(head, answer));
      case SKIP -> skip(queue, head);
      case ASK_FOR_FAILED -> askForFailed(head.shard());
      case PARK -> park(head);
      case AWAIT_SHARD -> deferrals.defer(head, Awaited.SHARD);
      case AWAIT_RETRY_TIME -> deferUntilAttempt(queue, head);
      case AWAIT_ROW -> deferrals.defer(head, Awaited.ROW, timings.rowFreshness());
      case CALL -> {
        head.on(Signal.TURN_REACHED);
        limiter.add(head);
      }
    }
    return !queue.isHead(head);
  }

  private void skip(AggregateQueue queue, InFlightEvent head) {
    head.lastRow().ifPresentOrElse(row -> parking.seen(head, row), () -> monitor.rowGone(head));
    monitor.skipped();
    remove(queue, head);
  }

  private void deferUntilAttempt(AggregateQueue queue, InFlightEvent head) {
    Duration wait = decider.untilAttempt(head);
    head.waitFor(head.row().retryCount());
    if (settings.whileWaiting() == WhileWaiting.HOLD) {
      deferrals.defer(head, Awaited.RETRY_TIME, wait);
      return;
    }
    deferrals.deferAlone(head, Awaited.RETRY_TIME, wait);
    queue.setHeadAside();
  }

  private void finish(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    remove(queue, event);
    advance(queue);
  }

  private void remove(AggregateQueue queue, InFlightEvent head) {
    head.on(Signal.FINISHED);
    outstanding.remove(head);
    queue.removeHead();
    buffer.remove(head);
    head.delivery().finished();
  }

  private AggregateQueue queueOf(InFlightEvent event) {
    return Objects.requireNonNull(queues.get(event.aggregate()), "queue");
  }

  // Rows

  private void read(InFlightEvent event) {
    questions.read(event, row -> wasRead(event, row));
  }

  private void wasRead(InFlightEvent event, Optional<FoundRow> row) {
    row.flatMap(FoundRow::payload).ifPresent(event::load);
    event.know(row.map(FoundRow::state), loop.now());
    rowIsKnown(event);
  }

  private void rowIsKnown(InFlightEvent event) {
    event.on(Signal.ROW_KNOWN);
    AggregateQueue queue = queueOf(event);
    if (queue.isHead(event)) {
      advance(queue);
    }
  }

  private void confirmed(InFlightEvent event, Confirmation answer) {
    if (answer instanceof Confirmation.Certain certain) {
      event.knowCertain(certain.row(), loop.now());
      rowIsKnown(event);
    } else if (answer instanceof Confirmation.Doubtful doubtful) {
      monitor.rowMissing(event.event(), doubtful.why());
      deferrals.defer(event, Awaited.ROW, timings.rowFreshness());
    }
  }

  // Parking

  private void askForFailed(ShardId shard) {
    parking.ask(shard, queues::has, () -> queues.of(shard).forEach(this::advance));
  }

  private void park(InFlightEvent event) {
    String failed = parking.failedBefore(event).orElseThrow();
    outstanding.add(event, loop.now());
    parking.park(event, failed, answer -> parkAnswered(event, failed, answer));
  }

  private void parkAnswered(InFlightEvent event, String failed, ParkAnswer answer) {
    if (answer instanceof ParkAnswer.Behind behind) {
      if (behind.row().flatMap(RowState::parked).isPresent()) {
        monitor.parked();
        finish(event);
      } else {
        reconsider(event, behind.row());
      }
    } else if (answer instanceof ParkAnswer.HeadDone) {
      parking.released(event.aggregate(), failed);
      reconsider(event);
    } else {
      awaitRedriven(event);
    }
  }

  private void awaitRedriven(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    if (queue.letRedrivenPass()) {
      outstanding.remove(event);
      event.forgetRow();
      event.on(Signal.RECONSIDERED);
      deferrals.reordered(queue);
      advance(queue);
    } else {
      // If the record does not come, since the relay has set it aside, the rows show that.
      outstanding.remove(event);
      deferrals.defer(event, Awaited.REDRIVEN_EVENT, timings.rowFreshness());
    }
  }

  /** Its row, as it was just seen, decides again. */
  private void reconsider(InFlightEvent event, Optional<RowState> row) {
    event.know(row, loop.now());
    decideAgain(event);
  }

  /** Its row is read again and decides. */
  private void reconsider(InFlightEvent event) {
    event.forgetRow();
    decideAgain(event);
  }

  private void decideAgain(InFlightEvent event) {
    outstanding.remove(event);
    event.on(Signal.RECONSIDERED);
    advance(queueOf(event));
  }

  // Attempts

  /**
   * Calls handlers, as many as may run. Events that cannot be called after all are sent back, no
   * more than that at once: most return in a moment and are then the first.
   */
  void callNext() {
    int sentBack = 0;
    Optional<InFlightEvent> next = limiter.next(attempts.running());
    while (next.isPresent()) {
      boolean isCalled = call(next.get());
      sentBack += isCalled ? 0 : 1;
      next =
          sentBack < settings.concurrency() ? limiter.next(attempts.running()) : Optional.empty();
    }
  }

  /** Whether {@link #callNext} has stopped before it had to. */
  boolean canCallMore() {
    return limiter.hasNext(attempts.running());
  }

  private boolean call(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    noticeIfAway(event.shard());
    if (event.isDeferred()) {
      return false;
    }
    if (!queue.isHead(event) || !decider.isFresh(event)) {
      limiter.sendBack(event);
      event.on(Signal.RECONSIDERED);
      advance(queue);
      return false;
    }
    if (away.has(event.shard()) || outstanding.of(event.shard()) >= settings.maxOutstanding()) {
      // Outcomes that cannot be written would fill the buffer, and cannot be deferred.
      deferrals.defer(event, Awaited.SHARD, timings.round());
      return false;
    }
    outstanding.add(event, loop.now());
    attempts.start(event, result -> attempted(event, result));
    return true;
  }

  private void attempted(InFlightEvent event, Attempts.Result result) {
    if (result instanceof Attempts.Result.Published) {
      parking.released(event.aggregate(), event.id());
      finish(event);
    } else if (result instanceof Attempts.Result.FailedForGood) {
      parking.failed(event);
      finish(event);
    } else if (result instanceof Attempts.Result.Continues continues) {
      reconsider(event, continues.row());
    } else if (result instanceof Attempts.Result.Inconclusive) {
      setBack(event);
    } else {
      abandoned(event);
    }
  }

  /** Nothing new is begun for it here, unless its partition stays. */
  private void abandoned(InFlightEvent event) {
    outstanding.remove(event);
    event.forgetRow();
    event.on(Signal.RECONSIDERED);
    if (event.isLost()) {
      advance(queueOf(event));
    }
  }

  private void setBack(InFlightEvent event) {
    outstanding.remove(event);
    deferrals.defer(event, Awaited.RECOVERY, timings.setback().delay(event.countSetback()));
    if (event.isLost()) {
      advance(queueOf(event));
    }
  }

  /** A message about an event could not be handled: that must stop no other event. */
  void broke(InFlightEvent event, Throwable cause) {
    monitor.broke(event.event(), cause);
    if (!event.stage().isEnd()) {
      setBack(event);
      return;
    }
    // It was the next of its aggregate then that could not continue.
    AggregateQueue queue = queues.get(event.aggregate());
    InFlightEvent head = queue == null ? null : queue.head();
    if (head != null && head.stage() == Stage.QUEUED) {
      setBack(head);
    }
  }

  // What takes long

  /** Reads the rows of deferred events again, as far as there is room for their payloads. */
  void bringBack() {
    Optional<InFlightEvent> next = deferrals.next();
    while (next.isPresent()) {
      bringBack(next.get());
      next = deferrals.next();
    }
  }

  private void bringBack(InFlightEvent event) {
    if (!away.has(event.shard())) {
      read(event);
      return;
    }
    boolean isHead = queueOf(event).isHead(event);
    deferrals.defer(event, isHead ? Awaited.SHARD : Awaited.PREDECESSOR);
  }

  /** Looks for what takes long; to be called every now and then. */
  void look() {
    Instant now = loop.now();
    rows.away().stream().filter(queues::has).forEach(this::noticeIfAway);
    for (InFlightEvent event : outstanding.since(now.minus(timings.deferral()))) {
      AggregateQueue queue = queueOf(event);
      if (queue.isHead(event) && !queue.isHeldUp()) {
        queue.holdUp();
        deferrals.deferFollowers(queue);
      }
    }
    if (limiter.isExhausted(attempts.running())) {
      attempts.breakOff(now.minus(timings.hangingCall()));
    }
  }

  private void noticeIfAway(ShardId shard) {
    if (rows.isAway(shard) && away.add(shard, () -> isBack(shard))) {
      monitor.shardAway(shard);
      deferrals.shardAway(shard);
    }
  }

  private void isBack(ShardId shard) {
    monitor.shardBack(shard);
    deferrals.shardBack(shard);
  }

  // What is under way

  Buffer buffer() {
    return buffer;
  }

  int aggregates() {
    return queues.count();
  }

  /** Events that a handler, a database or a broker works on. */
  Collection<InFlightEvent> outstanding() {
    return outstanding.all();
  }

  /** All unfinished events. */
  Stream<InFlightEvent> all() {
    return queues.all().stream().flatMap(AggregateQueue::all);
  }
}
