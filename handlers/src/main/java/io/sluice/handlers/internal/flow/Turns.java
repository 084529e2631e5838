package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whose turn it is: the first event of each aggregate goes on when its row is known and it waits
 * for nothing. Owned by the domain's thread.
 */
final class Turns {

  /** Of the buffer, one shard's calls and outcomes that are not written yet. */
  private static final int IN_HAND_PART = 8;

  private final FlowContext flow;
  private final HandlerCalls calls;
  private final Parking parking;
  private final CallSlots slots;
  private final RowQuestions questions;
  private final Buffer buffer;
  private final PutOff putOff;
  private final Map<AggregateKey, Lane> lanes = new HashMap<>();

  private final int mostInHand;
  private final InHand inHand = new InHand();

  Turns(FlowContext flow, Buffer buffer, HandlerCalls calls, DeadLetters letters, PutOff putOff) {
    this.flow = flow;
    this.buffer = buffer;
    this.putOff = putOff;
    this.mostInHand =
        Math.max(
            2 * flow.settings().concurrency(), flow.settings().bufferedEvents() / IN_HAND_PART);
    this.calls = calls;
    this.parking = new Parking(flow, this);
    Outcomes outcomes = new Outcomes(flow, calls, letters, parking, this);
    this.slots = new CallSlots(flow, calls, this, outcomes);
    this.questions = new RowQuestions(flow, this);
  }

  /** Takes an event on. */
  void add(Task task) {
    boolean isRepeated = buffer.add(task);
    Lane lane = lanes.computeIfAbsent(task.aggregate(), Lane::new);
    Task before = lane.head();
    lane.add(task);
    if (before != null && !lane.isHead(before)) {
      // What it waited for has come, perhaps; if not, it finds that out when it is the head again.
      endStandingBehind(before);
    }
    if (isRepeated) {
      // Its row is read when it has its turn: by then the other has perhaps been finished.
      task.move(Stage.KNOWN);
      advanceTo(lane, task);
    } else {
      questions.read(task);
    }
  }

  private void endStandingBehind(Task task) {
    if (task.stage() == Stage.BEHIND) {
      task.timer().ifPresent(flow.timers()::cancel);
      task.move(Stage.KNOWN);
    }
  }

  /** Calls handlers, as far as there are places. */
  void callNext() {
    slots.fill();
  }

  /** Whether places are free, and events there that were not asked yet whether they can go on. */
  boolean canCall() {
    return slots.canFill();
  }

  /** Frees places that others wait for, where calls hang on shards that are away. */
  void freePlaces() {
    slots.free(inHand.all());
  }

  int calls() {
    return slots.taken();
  }

  int aggregates() {
    return lanes.size();
  }

  /** All events that were taken on and are not finished. */
  Stream<Task> all() {
    return lanes.values().stream().flatMap(Lane::all);
  }

  /** Events whose handler is called, or whose outcome is being written. */
  InHand inHand() {
    return inHand;
  }

  Collection<Lane> lanes() {
    return lanes.values();
  }

  /** Partitions have come, perhaps from another worker. */
  void partitionsCame() {
    parking.partitionsCame();
  }

  /** A shard's events of which nothing would be forgotten if they were put off. */
  Collection<Task> idle(ShardId shard) {
    return all()
        .filter(task -> task.event().shard().equals(shard))
        .filter(task -> !task.isInHand() && !task.hasDoubts())
        .toList();
  }

  /** Forgets events that are not to be finished here, but for those in hand. */
  void forgetLost() {
    for (Lane lane : List.copyOf(lanes.values())) {
      Collection<Task> removed = lane.removeIf(Turns::isLost);
      removed.forEach(this::forget);
      if (!removed.isEmpty()) {
        advance(lane);
      }
    }
    slots.removeIf(Turns::isLost);
  }

  private static boolean isLost(Task task) {
    return !task.place().isHeld() && !task.isInHand();
  }

  private void forget(Task task) {
    buffer.remove(task);
    task.timer().ifPresent(flow.timers()::cancel);
  }

  // The turn

  private void advanceTo(Lane lane, Task task) {
    if (lane.isHead(task)) {
      advance(lane);
    }
  }

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
      questions.read(head);
      return false;
    }
    return decide(lane, head);
  }

  private boolean isFresh(Task task) {
    return !task.readAt().plus(flow.timings().rowFreshness()).isBefore(flow.clock().instant());
  }

  private boolean decide(Lane lane, Task head) {
    Optional<RowState> row = head.lastRow();
    if (head.isDoubtful()) {
      questions.confirm(head);
      return false;
    }
    if (row.isEmpty() || row.get().status().isFinal() || row.get().redrives() > head.redrives()) {
      skip(lane, head, row);
      return true;
    }
    return !parking.holds(head) && await(lane, head, untilAttempt(head, row.get()));
  }

  private void skip(Lane lane, Task head, Optional<RowState> row) {
    if (row.isEmpty()) {
      flow.log().rowGone(head.event());
    } else {
      parking.seen(head, row.get());
    }
    flow.counters().countSkipped();
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
    if (flow.settings().whileWaiting() == WhileWaiting.HOLD) {
      return false;
    }
    lane.setHeadAside();
    return true;
  }

  private void waitFor(Task task, Duration wait) {
    task.move(Stage.WAITING);
    task.timed(Optional.of(flow.after(wait, () -> isDue(task))));
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

  private void remove(Lane lane, Task head) {
    inHand.remove(head);
    lane.removeHead();
    buffer.remove(head);
    head.place().finished();
  }

  private Lane laneOf(Task task) {
    return Objects.requireNonNull(lanes.get(task.aggregate()), "lane");
  }

  // What the other parts of the flow have to say

  /** A place is free for this event: whether it still is the one to have its turn. */
  boolean isTurnOf(Task task) {
    Lane lane = laneOf(task);
    if (lane.isHead(task) && isFresh(task)) {
      ShardId shard = task.event().shard();
      // Outcomes that cannot be written would pile up, and cannot be put off.
      boolean isBacklogged = flow.rows().isAway(shard) || inHand.of(shard) >= mostInHand;
      if (isBacklogged) {
        waitFor(task, flow.timings().round());
      }
      return !isBacklogged;
    }
    // One that had let it pass is back before it; or its shard has not been heard of for a while,
    // and is asked where no call has to wait for the answer.
    task.hasWaited();
    task.move(Stage.KNOWN);
    advanceTo(lane, task);
    return false;
  }

  /** Others have it in hand. */
  void hold(Task task, Stage stage) {
    task.move(stage);
    inHand.add(task, flow.clock().instant());
  }

  /** Nothing is left to do for it. */
  void finish(Task task) {
    Lane lane = laneOf(task);
    remove(lane, task);
    advance(lane);
  }

  /** It has its turn, with its row as it was just seen. */
  void backToTurn(Task task, Optional<RowState> row) {
    inHand.remove(task);
    task.know(row, flow.clock().instant());
    task.move(Stage.KNOWN);
    advance(laneOf(task));
  }

  /** It has its turn, and its row is to be read again. */
  void readAgain(Task task) {
    inHand.remove(task);
    task.forgetRow();
    task.move(Stage.KNOWN);
    advance(laneOf(task));
  }

  /** It waits until the record of the failed event, which was redriven, has come. */
  void standBehind(Task task) {
    inHand.remove(task);
    task.forgetRow();
    Lane lane = laneOf(task);
    if (lane.letRedrivenPass()) {
      task.move(Stage.KNOWN);
      advance(lane);
    } else {
      // Should the record not come, because the relay has set it aside, the rows tell.
      waitFor(task, flow.timings().rowFreshness());
      task.move(Stage.BEHIND);
    }
  }

  /** It has its turn once it is the first. */
  void rowIsKnown(Task task) {
    task.move(Stage.KNOWN);
    advanceTo(laneOf(task), task);
  }

  /** What its row shows may be older than its record. */
  void rowIsDoubtful(Task task) {
    waitFor(task, flow.timings().rowFreshness());
  }

  /** Whether an event's aggregate has events here. */
  boolean isHere(Task task) {
    return lanes.containsKey(task.aggregate());
  }

  /** Whether events of an aggregate are under way here, be it that they were put off. */
  boolean has(AggregateKey aggregate) {
    return lanes.containsKey(aggregate) || putOff.has(aggregate);
  }

  /** The failed events of a shard are known now. */
  void failedAreKnown(ShardId shard) {
    List.copyOf(lanes.values()).stream()
        .filter(lane -> lane.aggregate().shard().equals(shard))
        .forEach(this::advance);
  }

  /** Its call has told nothing about it: nothing is counted, and the row says how to go on. */
  void setBack(Task task) {
    tryAgainLater(task);
    if (isLost(task)) {
      advance(laneOf(task));
    }
  }

  /** Its call was broken off, since the partition goes or the runtime ends. */
  void abandoned(Task task) {
    inHand.remove(task);
    task.forgetRow();
    task.move(Stage.KNOWN);
    if (isLost(task)) {
      advance(laneOf(task));
    }
  }

  /** What nobody foresaw went wrong with an event: it is tried again, and no other is held up. */
  void broke(Task task, Throwable cause) {
    flow.log().broke(task.event(), cause);
    tryAgainLater(task);
  }

  private void tryAgainLater(Task task) {
    inHand.remove(task);
    task.forgetRow();
    waitFor(task, flow.timings().setback().delay(task.countSetback()));
  }
}
