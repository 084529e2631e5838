package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.FoundRow;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.Confirmation;
import io.sluice.handlers.internal.row.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is next for each event: the first of each aggregate continues as its row says, and
 * the others wait for it. An event moves through the {@link Stage}s; each method here that answers
 * to something ends in a signal to it. Owned by the domain's thread.
 */
final class AggregateScheduler {

  /** The part of the buffer that one shard's outstanding events may take. */
  private static final int OUTSTANDING_PART = 8;

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
  private final ParkedAggregates parked = new ParkedAggregates();
  private final Deferrals deferrals;
  private final AwayShards away;

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
    this.buffer = new Buffer(settings.bufferedEvents(), settings.bufferedBytes());
    this.limiter = new ConcurrencyLimiter(settings.concurrency());
    this.deferrals = new Deferrals(buffer, loop, rows.havePayloads());
    this.away = new AwayShards(rows, loop, timings.deferral());
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
      noLongerHead(queue, formerHead);
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

  /** Another event has come before it, perhaps the redriven one whose record it waits for. */
  private void noLongerHead(AggregateQueue queue, @Nullable InFlightEvent event) {
    queue.followersDeferred(false);
    if (event != null
        && event.isDeferred()
        && (event.timer().isEmpty() || event.awaits(Awaited.REDRIVEN_EVENT))) {
      deferrals.defer(event, Awaited.PREDECESSOR);
    }
  }

  /** Partitions have come, whose former owner may have events that have failed since. */
  void partitionsCame() {
    parked.forgetWhatIsKnown();
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
    limiter.remove(event);
    deferrals.forget(event);
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
      comeBack(queue);
      return false;
    }
    if (head.stage() != Stage.QUEUED) {
      return false;
    }
    if (away.has(head.shard())) {
      deferHead(queue, head, Awaited.SHARD);
      return false;
    }
    if (!isFresh(head)) {
      read(head);
      return false;
    }
    return decide(queue, head);
  }

  private boolean isFresh(InFlightEvent event) {
    return event.isReadSince(loop.now().minus(timings.rowFreshness()));
  }

  private boolean decide(AggregateQueue queue, InFlightEvent head) {
    Optional<RowState> row = head.lastRow();
    if (head.isDoubtful()) {
      confirm(head);
      return false;
    }
    if (row.isEmpty() || row.get().status().isFinal() || row.get().redrives() > head.redrives()) {
      skip(queue, head, row);
      return true;
    }
    if (settings.afterFailure() == AfterFailure.PARK && isParked(head)) {
      return false;
    }
    Duration wait = untilAttempt(head, row.get());
    if (!wait.isNegative() && !wait.isZero()) {
      return deferUntilAttempt(queue, head, wait);
    }
    if (!head.isLoaded()) {
      // Its row was not there when it was read with its payload, and is now.
      deferHead(queue, head, Awaited.ROW, timings.rowFreshness());
      return false;
    }
    head.on(Signal.TURN_REACHED);
    limiter.add(head);
    return false;
  }

  private void skip(AggregateQueue queue, InFlightEvent head, Optional<RowState> row) {
    if (row.isEmpty()) {
      monitor.rowGone(head.event());
    } else if (row.get().status() == OutboxStatus.PUBLISHED) {
      parked.released(head.aggregate(), head.id());
    } else if (row.get().status() == OutboxStatus.FAILED && row.get().parked().isEmpty()) {
      failed(head);
    }
    monitor.skipped();
    remove(queue, head);
  }

  private void failed(InFlightEvent event) {
    if (settings.afterFailure() == AfterFailure.PARK) {
      parked.failed(event.aggregate(), event.id());
    }
  }

  private Duration untilAttempt(InFlightEvent event, RowState row) {
    if (row.retryCount() == 0 || event.hasWaitedFor(row.retryCount())) {
      return Duration.ZERO;
    }
    Duration wait = Backoff.of(attempts.policy(event)).delay(row.retryCount(), event.id());
    Duration age = Duration.between(row.updatedAt(), Instant.now());
    // The row's time may be from a clock that is ahead: it never makes a wait longer.
    return age.isNegative() ? wait : wait.minus(age);
  }

  private boolean deferUntilAttempt(AggregateQueue queue, InFlightEvent head, Duration wait) {
    head.waitFor(head.row().retryCount());
    if (settings.whileWaiting() == WhileWaiting.HOLD) {
      deferHead(queue, head, Awaited.RETRY_TIME, wait);
      return false;
    }
    defer(head, Awaited.RETRY_TIME, wait);
    queue.setHeadAside();
    return true;
  }

  private void finish(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    remove(queue, event);
    advance(queue);
  }

  private void remove(AggregateQueue queue, InFlightEvent head) {
    head.on(Signal.FINISHED);
    limiter.remove(head);
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
    int question = event.ask();
    rows.ask(
        event.shard(),
        new RowRequest.Read(
            event.id(),
            event.event().maxRetries(),
            event.redrives(),
            event.lastRow(),
            !event.isLoaded(),
            () -> event.isAsked(question),
            loop.receive(event, row -> wasRead(event, question, row))));
  }

  private void wasRead(InFlightEvent event, int question, Optional<FoundRow> row) {
    if (!event.isAsked(question)) {
      return;
    }
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

  /** A server that took over a moment ago, or lags behind, may not have the row yet. */
  private void confirm(InFlightEvent event) {
    int question = event.ask();
    rows.ask(
        event.shard(),
        new RowRequest.Confirm(
            event.id(),
            event.redrives(),
            event.origin().transaction(),
            loop.receive(event, answer -> confirmed(event, question, answer))));
  }

  private void confirmed(InFlightEvent event, int question, Confirmation answer) {
    if (!event.isAsked(question)) {
      return;
    }
    if (answer instanceof Confirmation.Certain certain) {
      event.knowCertain(certain.row(), loop.now());
      rowIsKnown(event);
    } else if (answer instanceof Confirmation.Doubtful doubtful) {
      monitor.rowMissing(event.event(), doubtful.why());
      deferInPlace(event, Awaited.ROW, timings.rowFreshness());
    }
  }

  // Parking

  /** Whether the event may not be handled because of a failed one; if so, that is attended to. */
  private boolean isParked(InFlightEvent event) {
    ShardId shard = event.shard();
    if (!parked.isKnown(shard)) {
      askForFailed(shard);
      return true;
    }
    Optional<String> failed = parked.before(event.aggregate(), event.id());
    failed.ifPresent(id -> park(event, id));
    return failed.isPresent();
  }

  private void askForFailed(ShardId shard) {
    if (parked.ask(shard)) {
      int epoch = parked.epoch();
      rows.ask(
          shard,
          new RowRequest.FailedHeads(
              settings.domain(), failed -> loop.post(() -> failedAreKnown(shard, failed, epoch))));
    }
  }

  private void failedAreKnown(ShardId shard, Map<String, AggregateKey> failed, int epoch) {
    parked.know(shard, failed, epoch, queues::has);
    queues.of(shard).forEach(this::advance);
  }

  /** The failed event's row decides, held meanwhile, so that a redrive comes before or after. */
  private void park(InFlightEvent event, String failed) {
    event.on(Signal.PARK_REQUESTED);
    outstanding.add(event, loop.now());
    rows.ask(
        event.shard(),
        new RowRequest.Park(
            event.id(),
            failed,
            loop.receive(event, answer -> parkAnswered(event, failed, answer))));
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
      parked.released(event.aggregate(), failed);
      reconsider(event);
    } else {
      awaitRedriven(event);
    }
  }

  private void awaitRedriven(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    if (queue.letRedrivenPass()) {
      queue.followersDeferred(false);
      reconsider(event);
    } else {
      // If the record does not come, since the relay has set it aside, the rows show that.
      deferHead(queue, event, Awaited.REDRIVEN_EVENT, timings.rowFreshness());
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
          sentBack < settings.concurrency()
              ? limiter.next(attempts.running())
              : Optional.empty();
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
    if (!queue.isHead(event) || !isFresh(event)) {
      limiter.sendBack(event);
      event.on(Signal.RECONSIDERED);
      advance(queue);
      return false;
    }
    if (away.has(event.shard()) || outstanding.of(event.shard()) >= maxOutstanding()) {
      // Outcomes that cannot be written would fill the buffer, and cannot be deferred.
      deferHead(queue, event, Awaited.SHARD, timings.round());
      return false;
    }
    outstanding.add(event, loop.now());
    attempts.start(event, result -> attempted(event, result));
    return true;
  }

  private int maxOutstanding() {
    return Math.max(2 * settings.concurrency(), settings.bufferedEvents() / OUTSTANDING_PART);
  }

  private void attempted(InFlightEvent event, AttemptResult result) {
    if (result instanceof AttemptResult.Published) {
      parked.released(event.aggregate(), event.id());
      finish(event);
    } else if (result instanceof AttemptResult.FailedForGood) {
      failed(event);
      finish(event);
    } else if (result instanceof AttemptResult.Continues continues) {
      reconsider(event, continues.row());
    } else if (result instanceof AttemptResult.Inconclusive) {
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
    deferInPlace(event, Awaited.RECOVERY, timings.setback().delay(event.countSetback()));
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

  // Deferral

  private void defer(InFlightEvent event, Awaited awaited, Duration wait) {
    limiter.remove(event);
    outstanding.remove(event);
    deferrals.defer(event, awaited, wait, () -> due(event));
  }

  private void deferInPlace(InFlightEvent event, Awaited awaited, Duration wait) {
    AggregateQueue queue = queueOf(event);
    if (queue.isHead(event)) {
      deferHead(queue, event, awaited, wait);
    } else {
      defer(event, awaited, wait);
    }
  }

  private void deferHead(
      AggregateQueue queue, InFlightEvent head, Awaited awaited, Duration wait) {
    defer(head, awaited, wait);
    deferFollowers(queue);
  }

  private void deferHead(AggregateQueue queue, InFlightEvent head, Awaited awaited) {
    limiter.remove(head);
    deferrals.defer(head, awaited);
    deferFollowers(queue);
  }

  private void deferFollowers(AggregateQueue queue) {
    if (queue.areFollowersDeferred()) {
      return;
    }
    queue.followersDeferred(true);
    for (InFlightEvent follower : queue.followers()) {
      boolean isDeferred = follower.isDeferred() && !follower.awaits(Awaited.ROOM);
      if (!isDeferred && !follower.isOutstanding()) {
        limiter.remove(follower);
        deferrals.defer(follower, Awaited.PREDECESSOR);
      }
    }
  }

  /** The time for which it was deferred has come. */
  private void due(InFlightEvent event) {
    AggregateQueue queue = queueOf(event);
    InFlightEvent formerHead = queue.head();
    queue.bringBack(event);
    if (!queue.isHead(event)) {
      queue.followersDeferred(false);
      deferrals.defer(event, Awaited.PREDECESSOR);
      return;
    }
    if (formerHead != event) {
      noLongerHead(queue, formerHead);
    }
    comeBack(event);
  }

  /** The head of a queue was deferred behind others that are done. */
  private void comeBack(AggregateQueue queue) {
    if (away.has(queue.aggregate().shard())) {
      deferrals.defer(Objects.requireNonNull(queue.head()), Awaited.SHARD);
      return;
    }
    queue.followersDeferred(false);
    for (InFlightEvent next : queue.first(Deferrals.RETURN_TOGETHER)) {
      if (!next.awaits(Awaited.PREDECESSOR)) {
        return;
      }
      comeBack(next);
    }
  }

  private void comeBack(InFlightEvent head) {
    if (away.has(head.shard())) {
      deferrals.defer(head, Awaited.SHARD);
    } else if (deferrals.mayReturn(head)) {
      read(head);
    }
  }

  /** Reads the rows of deferred events again, as far as there is room for their payloads. */
  void bringBack() {
    Optional<InFlightEvent> next = deferrals.next();
    while (next.isPresent()) {
      read(next.get());
      next = deferrals.next();
    }
  }

  /** Looks for what takes long; to be called every now and then. */
  void look() {
    Instant now = loop.now();
    rows.away().stream().filter(queues::has).forEach(this::noticeIfAway);
    for (InFlightEvent event : outstanding.since(now.minus(timings.deferral()))) {
      AggregateQueue queue = queueOf(event);
      if (queue.isHead(event) && !queue.isHeldUp()) {
        queue.holdUp();
        deferFollowers(queue);
      }
    }
    if (limiter.isExhausted(attempts.running())) {
      attempts.breakOff(now.minus(timings.hangingCall()));
    }
  }

  private void noticeIfAway(ShardId shard) {
    if (rows.isAway(shard) && away.add(shard, () -> isBack(shard))) {
      monitor.shardAway(shard);
      queues.of(shard).forEach(this::deferAll);
    }
  }

  private void deferAll(AggregateQueue queue) {
    InFlightEvent head = queue.head();
    if (head != null && !head.isOutstanding() && head.timer().isEmpty()) {
      deferHead(queue, head, Awaited.SHARD);
    } else {
      deferFollowers(queue);
    }
  }

  private void isBack(ShardId shard) {
    monitor.shardBack(shard);
    for (AggregateQueue queue : queues.of(shard)) {
      @Nullable InFlightEvent head = queue.head();
      if (head != null && head.awaits(Awaited.SHARD)) {
        comeBack(head);
      }
    }
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
