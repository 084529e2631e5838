package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.AggregateKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Events that wait for a time, and those that must not overtake them, where they fill the buffer:
 * they are left in Kafka until then, so that others have room. Owned by the domain's thread.
 */
final class PutOffWaits {

  /** In memory; where more wait, the buffer stays full. */
  private static final int MOST = 100_000;

  private final FlowContext flow;

  /** By aggregate, or by id where others may pass. */
  private final Map<Object, Left> left = new HashMap<>();

  private Instant nextDue = Instant.MAX;

  /**
   * What was left.
   *
   * @param until when it is taken on again
   * @param first id of the event that the others wait for
   * @param created when that event was
   */
  private record Left(Instant until, String first, Instant created) {}

  /** Events that wait for one thing; the first of them may have others wait for it. */
  private record Wait(Object key, Instant until, List<Task> tasks) {}

  PutOffWaits(FlowContext flow) {
    this.flow = flow;
  }

  /** Makes room in a full buffer, if half of it waits. */
  void makeRoom(Turns turns, Buffer buffer) {
    List<Wait> waits = new ArrayList<>();
    turns.lanes().forEach(lane -> addWaits(lane, turns, waits));
    if (!buffer.isHalf(waits.stream().flatMap(wait -> wait.tasks().stream()).toList())) {
      return;
    }
    int before = left.size();
    waits.stream().limit(MOST - (long) before).forEach(this::putOff);
    turns.forgetLost();
    if (left.size() > before) {
      flow.log().putOffWaiting(flow.settings().domain(), left.size());
    }
  }

  private void addWaits(Lane lane, Turns turns, List<Wait> waits) {
    for (Task task : lane.aside()) {
      if (isFarOff(task)) {
        waits.add(new Wait(task.event().id(), until(task), List.of(task)));
      }
    }
    List<Task> tasks = lane.tasks();
    if (tasks.isEmpty()) {
      return;
    }
    Task head = tasks.get(0);
    if (isFarOff(head)) {
      waits.add(new Wait(lane.aggregate(), until(head), tasks));
    } else if (tasks.size() > 1 && isStuck(head, turns)) {
      waits.add(
          new Wait(
              lane.aggregate(),
              now().plus(flow.timings().deferral()),
              tasks.subList(1, tasks.size())));
    }
  }

  private boolean isFarOff(Task task) {
    return !task.hasDoubts()
        && (task.stage() == Stage.BEHIND
            || (task.stage() == Stage.WAITING
                && until(task).isAfter(now().plus(flow.timings().shortWait()))));
  }

  /** Whether it keeps others waiting, and must not be put off itself. */
  private boolean isStuck(Task task, Turns turns) {
    return turns.inHand().isSince(task, now().minus(flow.timings().deferral()))
        || (task.hasDoubts() && task.stage() == Stage.WAITING);
  }

  private static Instant until(Task waiting) {
    return waiting.timer().orElseThrow().due();
  }

  private Instant now() {
    return flow.clock().instant();
  }

  private void putOff(Wait wait) {
    Task first = wait.tasks().get(0);
    left.put(wait.key(), new Left(wait.until(), first.event().id(), first.event().createdAt()));
    nextDue = min(nextDue, wait.until());
    wait.tasks().forEach(task -> task.place().putOff(PutOffReason.WAIT));
  }

  /** Whether an event that has come is left in Kafka. */
  boolean leaves(Task task) {
    if (left.isEmpty()) {
      return false;
    }
    Left before = left.get(task.aggregate());
    boolean leaves =
        left.containsKey(task.event().id()) || (before != null && !isWaitedFor(task, before));
    if (leaves) {
      task.place().putOff(PutOffReason.WAIT);
    }
    return leaves;
  }

  /** One that was redriven comes before those that were written after it, and wait for it. */
  private static boolean isWaitedFor(Task task, Left before) {
    return task.redrives() > 0 && task.event().id().compareTo(before.first()) < 0;
  }

  /** Whether any have waited long enough: they are taken on from now on, and to be read again. */
  boolean takeBack(Instant now) {
    if (now.isBefore(nextDue)) {
      return false;
    }
    left.values().removeIf(wait -> !wait.until().isAfter(now));
    nextDue = left.values().stream().map(Left::until).reduce(Instant.MAX, PutOffWaits::min);
    return true;
  }

  private static Instant min(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  boolean has(AggregateKey aggregate) {
    return left.containsKey(aggregate);
  }

  /** When the first of the events that others wait for were created. */
  Optional<Instant> oldest() {
    return left.values().stream().map(Left::created).min(Instant::compareTo);
  }
}
