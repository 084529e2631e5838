package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.MissingRowException;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.dispatch.Invocation.Cut;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides the next step of each event. The row of an aggregate's first event determines how it
 * continues, and the other events of the aggregate wait for it. Each step moves an event from one
 * {@link Stage} to another. Owned by the domain's thread.
 */
final class AggregateScheduler {

  /** Limits how often missing rows are read again: once in this time for each aggregate. */
  private static final Duration READ_INTERVAL = Duration.ofMillis(1);

  /**
   * The number of events of an aggregate whose rows are read together and ahead of their turn. Not
   * more, because a row that waits for long must be read again.
   */
  private static final int READ_AHEAD = 10;

  private final ProcessingSettings settings;
  private final HandlerTimings timings;
  private final Rows rows;
  private final Attempts attempts;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;
  private final AggregateQueues queues = new AggregateQueues();
  private final Buffer buffer;
  private final ConcurrencyLimiter limiter;
  private final OutstandingEvents outstanding;
  private final Parking parking;
  private final Deferrals deferrals;
  private final AwayShards away;
  private final MissingRows missing;
  private final RowQuestions questions;

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
    this.outstanding = new OutstandingEvents(loop);
    this.limiter = new ConcurrencyLimiter(settings.concurrency(), outstanding);
    this.parking = new Parking(settings, rows, loop);
    this.deferrals = new Deferrals(queues, buffer, loop);
    this.away = new AwayShards(rows, deferrals, loop, monitor, timings.deferral());
    this.missing = new MissingRows(settings, loop, monitor);
    this.questions = new RowQuestions(rows, loop, this::rowIsKnown);
  }

  // Intake

  /** Adds an event that was polled. */
  void add(InFlightEvent event) {
    away.check(event.shard());
    if (buffer.add(event)) {
      event.repeated();
    }
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
      if (queue.length() <= READ_AHEAD && !event.isRepeated()) {
        questions.read(event);
      }
    }
  }

  /**
   * Invalidates the known failed events, because events of newly assigned partitions may have
   * failed on another worker.
   */
  void partitionsCame() {
    parking.partitionsCame();
  }

  /** Removes the events of revoked partitions, except outstanding ones. */
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
    limiter.remove(event);
    buffer.remove(event);
    missing.left(event);
  }

  // Queue order

  /** Advances the first event of an aggregate, and then each event that becomes the head. */
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

  /** Returns whether another event is the head now and can be advanced. */
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
    if (head.stage() != Stage.QUEUED) {
      return false;
    }
    begin(queue, head);
    return !queue.isHead(head);
  }

  /** Takes the next step for the first event of an aggregate, depending on its row. */
  private void begin(AggregateQueue queue, InFlightEvent head) {
    if (away.has(head.shard())) {
      deferrals.defer(head, Awaited.SHARD);
    } else if (!isFresh(head)) {
      readAhead(queue, head);
    } else if (head.isDoubtful()) {
      questions.confirm(head, why -> awaitRow(head, why));
    } else if (head.lastRow().isEmpty()) {
      continueWithoutRow(queue, head);
    } else if (head.isFinished()) {
      parking.finished(head.aggregate(), head.id(), head.row());
      skip(queue, head);
    } else if (parking.isUnknown(head.shard())) {
      askForFailed(head.shard());
    } else if (parking.failedBefore(head.aggregate(), head.id()).isPresent()) {
      park(head);
    } else if (!attempts.untilNext(head).isZero()) {
      deferUntilAttempt(queue, head);
    } else if (!head.isLoaded()) {
      // The row was missing when the payload was read, and exists now.
      deferrals.defer(head, Awaited.ROW, timings.rowFreshness());
    } else {
      head.on(Signal.TURN_REACHED);
      limiter.add(head);
    }
  }

  private void readAhead(AggregateQueue queue, InFlightEvent head) {
    questions.read(head);
    for (InFlightEvent next : queue.first(READ_AHEAD)) {
      if (next.stage() == Stage.QUEUED && !next.isRepeated() && !isFresh(next)) {
        questions.read(next);
      }
    }
  }

  /** Whether the row of an event was read recently. */
  private boolean isFresh(InFlightEvent event) {
    return event.isReadSince(loop.now().minus(timings.rowFreshness()));
  }

  private void continueWithoutRow(AggregateQueue queue, InFlightEvent head) {
    switch (missing.judge(head)) {
      case CLEANED_UP -> {
        monitor.rowGone(head.event());
        skip(queue, head);
      }
      case WAITS -> {
        InFlightEvent last = queue.last();
        if (last != null && last != head) {
          // The events behind the head wait for it, and one of them may be the only later event.
          questions.look(last, () -> missing.found(last));
        }
        deferrals.defer(head, Awaited.MISSING_ROW, untilReadAgain(head));
      }
      case GIVEN_UP -> giveUp(head);
    }
  }

  private void giveUp(InFlightEvent event) {
    if (mustWaitForShard(event)) {
      return;
    }
    attempts.sendDeadLetter(
        event,
        new MissingRowException(),
        isSent -> {
          if (isSent) {
            monitor.rowGivenUp(event.event());
            finish(event);
          } else {
            event.reconsider();
            advanceIfLost(event);
          }
        });
  }

  private void skip(AggregateQueue queue, InFlightEvent head) {
    monitor.count(Counter.SKIPPED);
    remove(queue, head);
  }

  private void deferUntilAttempt(AggregateQueue queue, InFlightEvent head) {
    Duration wait = attempts.untilNext(head);
    head.waitFor(head.row().retryCount());
    if (settings.whileWaiting() == WhileWaiting.HOLD) {
      deferrals.defer(head, Awaited.RETRY_TIME, wait);
      return;
    }
    deferrals.deferAlone(head, Awaited.RETRY_TIME, wait);
    queue.setHeadAside();
  }

  private void finish(InFlightEvent event) {
    AggregateQueue queue = event.queue();
    remove(queue, event);
    advance(queue);
  }

  private void remove(AggregateQueue queue, InFlightEvent head) {
    head.on(Signal.FINISHED);
    queue.removeHead();
    limiter.remove(head);
    buffer.remove(head);
    missing.left(head);
    head.record().finished();
  }

  private void rowIsKnown(InFlightEvent event) {
    if (event.lastRow().isPresent()) {
      missing.found(event);
    }
    AggregateQueue queue = event.queue();
    if (queue.isHead(event)) {
      advance(queue);
    }
  }

  private void awaitRow(InFlightEvent head, String why) {
    monitor.rowLate(head.event(), why);
    deferrals.defer(head, Awaited.ROW, untilReadAgain(head));
  }

  /** The time until a row that is missing is read again. Longer if many of its shard may be. */
  private Duration untilReadAgain(InFlightEvent head) {
    Duration all = READ_INTERVAL.multipliedBy(queues.count(head.shard()));
    return all.compareTo(timings.rowFreshness()) > 0 ? all : timings.rowFreshness();
  }

  // Parking

  private void askForFailed(ShardId shard) {
    parking.ask(shard, queues::has, () -> queues.of(shard).forEach(this::advance));
  }

  private void park(InFlightEvent event) {
    if (mustWaitForShard(event)) {
      return;
    }
    String failed = parking.failedBefore(event.aggregate(), event.id()).orElseThrow();
    parking.park(event, failed, answer -> parkAnswered(event, failed, answer));
  }

  private void parkAnswered(InFlightEvent event, String failed, ParkAnswer answer) {
    if (answer instanceof ParkAnswer.Behind behind) {
      if (behind.row().flatMap(RowState::parked).isPresent()) {
        monitor.count(Counter.PARKED);
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
    AggregateQueue queue = event.queue();
    if (queue.letRedrivenPass()) {
      event.reconsider();
      deferrals.reordered(queue);
      advance(queue);
    } else {
      // The relay may have dead-lettered the redriven record. The rows show this when read again.
      deferrals.defer(event, Awaited.REDRIVEN_EVENT, timings.rowFreshness());
      advanceIfLost(event);
    }
  }

  /** Advances an event by a row that was just read. */
  private void reconsider(InFlightEvent event, Optional<RowState> row) {
    event.on(Signal.RECONSIDERED);
    event.know(row, loop.now());
    advance(event.queue());
  }

  /** Reads the row of an event again, and advances the event by it. */
  private void reconsider(InFlightEvent event) {
    event.reconsider();
    advance(event.queue());
  }

  // Attempts

  /** Calls handlers up to the concurrency limit. */
  void callNext() {
    limiter.callNext(this::call);
  }

  /** Whether {@link #callNext} stopped before it reached the limit. */
  boolean canCallMore() {
    return limiter.hasNext();
  }

  private boolean call(InFlightEvent event) {
    AggregateQueue queue = event.queue();
    away.check(event.shard());
    if (event.isDeferred()) {
      return false;
    }
    if (!queue.isHead(event) || !isFresh(event)) {
      limiter.sendBack(event);
      event.on(Signal.RECONSIDERED);
      advance(queue);
      return false;
    }
    if (mustWaitForShard(event)) {
      return false;
    }
    attempts.start(event, result -> attempted(event, result));
    return true;
  }

  /** Defers an event whose shard is away, or has as many outstanding events as it may. */
  private boolean mustWaitForShard(InFlightEvent event) {
    if (!away.has(event.shard()) && outstanding.of(event.shard()) < settings.maxOutstanding()) {
      return false;
    }
    // Unwritten outcomes cannot be deferred and would fill the buffer.
    deferrals.defer(event, Awaited.SHARD, timings.round());
    return true;
  }

  private void attempted(InFlightEvent event, Attempts.Result result) {
    if (result instanceof Attempts.Result.Finished finished) {
      parking.finished(event.aggregate(), event.id(), finished.row());
      finish(event);
    } else if (result instanceof Attempts.Result.Continues continues) {
      reconsider(event, continues.row());
    } else if (result instanceof Attempts.Result.Inconclusive) {
      setBack(event);
    } else {
      // If the partition was revoked, this worker does not continue with the event.
      event.reconsider();
      advanceIfLost(event);
    }
  }

  private void setBack(InFlightEvent event) {
    deferrals.defer(event, Awaited.RECOVERY, timings.setback().delay(event.countSetback()));
    advanceIfLost(event);
  }

  private void advanceIfLost(InFlightEvent event) {
    if (event.isLost()) {
      advance(event.queue());
    }
  }

  /**
   * Backs off an event whose message failed with an exception, so that it affects no other event.
   */
  void broke(InFlightEvent event, Throwable cause) {
    monitor.broke(event.event(), cause);
    if (!event.stage().isEnd()) {
      setBack(event);
      return;
    }
    // The event itself is finished, so the step of the next head has failed.
    AggregateQueue queue = queues.get(event.aggregate());
    InFlightEvent head = queue == null ? null : queue.head();
    if (head != null && head.stage() == Stage.QUEUED) {
      setBack(head);
    }
  }

  // Slow events and calls

  /** Reads the rows of deferred events again while the buffer has room for their payloads. */
  void bringBack() {
    Optional<InFlightEvent> next = deferrals.next();
    while (next.isPresent()) {
      bringBack(next.get());
      next = deferrals.next();
    }
  }

  private void bringBack(InFlightEvent event) {
    if (!away.has(event.shard())) {
      questions.read(event);
      return;
    }
    boolean isHead = event.queue().isHead(event);
    deferrals.defer(event, isHead ? Awaited.SHARD : Awaited.PREDECESSOR);
  }

  /**
   * Defers the events of shards that are away and those behind slow events, and cuts calls that
   * hang. Called periodically.
   */
  void look() {
    rows.away().stream().filter(queues::has).forEach(away::check);
    for (InFlightEvent event : outstanding.longerThan(timings.deferral())) {
      AggregateQueue queue = event.queue();
      if (queue.isHead(event) && !queue.isHeldUp()) {
        queue.holdUp();
        deferrals.deferFollowers(queue);
      }
    }
    if (limiter.isExhausted()) {
      breakOffHangingCalls();
    }
    missing.report();
  }

  private void breakOffHangingCalls() {
    List<InFlightEvent> hanging =
        outstanding.longerThan(timings.hangingCall()).stream()
            .filter(event -> rows.isAway(event.shard()))
            .toList();
    attempts.cut(hanging, Cut.SHARD_AWAY);
  }

  // State

  Buffer buffer() {
    return buffer;
  }

  /** The number of events that wait because their row is missing. */
  int rowsMissing() {
    return missing.count();
  }

  int aggregates() {
    return queues.count();
  }

  OutstandingEvents outstanding() {
    return outstanding;
  }

  /** All in-flight events. */
  Stream<InFlightEvent> all() {
    return queues.all().stream().flatMap(AggregateQueue::all);
  }
}
