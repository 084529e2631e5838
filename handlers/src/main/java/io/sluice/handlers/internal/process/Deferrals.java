package io.sluice.handlers.internal.process;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Defers events that cannot continue, together with the events behind them in their aggregate
 * queue. Deferred events drop their payloads. {@link #next} returns them when they may continue and
 * the buffer has room. Owned by the domain's thread.
 */
final class Deferrals {

  /**
   * The number of events of one aggregate that return together, so that one statement reads their
   * rows.
   */
  private static final int RETURN_TOGETHER = 10;

  private final AggregateQueues queues;
  private final Buffer buffer;
  private final EventLoop loop;
  private final Deque<InFlightEvent> returning = new ArrayDeque<>();

  Deferrals(AggregateQueues queues, Buffer buffer, EventLoop loop) {
    this.queues = queues;
    this.buffer = buffer;
    this.loop = loop;
  }

  /** Defers an event and, if it is the head of its queue, the events behind it. */
  void defer(InFlightEvent event, Awaited awaited) {
    deferAlone(event, awaited);
    AggregateQueue queue = event.queue();
    if (queue.isHead(event)) {
      deferFollowers(queue);
    }
  }

  /** Defers like {@link #defer(InFlightEvent, Awaited)}, and for this time at most. */
  void defer(InFlightEvent event, Awaited awaited, Duration wait) {
    defer(event, awaited);
    startTimer(event, wait);
  }

  /** Defers an event for this time. The events behind it may overtake it. */
  void deferAlone(InFlightEvent event, Awaited awaited, Duration wait) {
    deferAlone(event, awaited);
    startTimer(event, wait);
  }

  private void deferAlone(InFlightEvent event, Awaited awaited) {
    cancelTimer(event);
    event.defer(awaited);
    buffer.unload(event);
  }

  private void startTimer(InFlightEvent event, Duration wait) {
    event.timer(loop.after(wait, () -> due(event)));
  }

  void cancelTimer(InFlightEvent event) {
    event.takeTimer().ifPresent(loop::cancel);
  }

  /** Defers all events behind the head of a queue. */
  void deferFollowers(AggregateQueue queue) {
    if (queue.areFollowersDeferred()) {
      return;
    }
    queue.followersDeferred(true);
    for (InFlightEvent follower : queue.followers()) {
      boolean waitsItself = follower.isDeferred() && follower.hasTimer();
      if (!waitsItself && !follower.awaits(Awaited.PREDECESSOR) && !follower.isOutstanding()) {
        deferAlone(follower, Awaited.PREDECESSOR);
      }
    }
  }

  private void due(InFlightEvent event) {
    if (!event.isDeferred()) {
      // A timer whose action failed runs again, and the first run may have brought the event back.
      return;
    }
    event.takeTimer();
    AggregateQueue queue = event.queue();
    InFlightEvent formerHead = queue.head();
    queue.bringBack(event);
    if (formerHead == event) {
      comeBack(event);
      return;
    }
    if (queue.isHead(event)) {
      comeBack(event);
    } else {
      deferAlone(event, Awaited.PREDECESSOR);
    }
    reordered(queue);
  }

  /**
   * Defers all events behind the head again after a deferred event was moved forward. Otherwise
   * those events could occupy the buffer that the head waits for.
   */
  void reordered(AggregateQueue queue) {
    queue.followersDeferred(false);
    deferFollowers(queue);
  }

  /**
   * Defers an event behind a new head. A wait for a redriven record ends, because the new head may
   * be that event.
   */
  void noLongerHead(AggregateQueue queue, InFlightEvent event) {
    queue.followersDeferred(false);
    if (event.isDeferred() && (!event.hasTimer() || event.awaits(Awaited.REDRIVEN_EVENT))) {
      deferAlone(event, Awaited.PREDECESSOR);
    }
  }

  /** Lets the first events of a queue return that were deferred behind others. */
  void comeBack(AggregateQueue queue) {
    queue.followersDeferred(false);
    for (InFlightEvent next : queue.first(RETURN_TOGETHER)) {
      if (!next.awaits(Awaited.PREDECESSOR)) {
        return;
      }
      comeBack(next);
    }
  }

  private void comeBack(InFlightEvent event) {
    event.defer(Awaited.ROOM);
    returning.addLast(event);
  }

  /**
   * Takes the next event that may continue, and reserves room for its payload. The caller reads its
   * row.
   *
   * @return the event; empty if no event may continue or the buffer has no room
   */
  Optional<InFlightEvent> next() {
    while (!returning.isEmpty() && buffer.hasRoomToReturn()) {
      InFlightEvent event = returning.removeFirst();
      // The event may have been deferred again or lost since it was added.
      if (event.awaits(Awaited.ROOM)) {
        buffer.reserve(event);
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** Defers the events of a shard that is away. */
  void shardAway(ShardId shard) {
    queues.of(shard).forEach(this::deferAll);
  }

  private void deferAll(AggregateQueue queue) {
    @Nullable InFlightEvent head = queue.head();
    // An event with a timer notices that the shard is away when the timer expires.
    if (head != null && !head.isOutstanding() && !head.hasTimer()) {
      defer(head, Awaited.SHARD);
    } else {
      deferFollowers(queue);
    }
  }

  /** Lets the events of a shard return that answers again. */
  void shardBack(ShardId shard) {
    for (AggregateQueue queue : queues.of(shard)) {
      @Nullable InFlightEvent head = queue.head();
      if (head != null && head.awaits(Awaited.SHARD)) {
        cancelTimer(head);
        comeBack(head);
      }
    }
  }
}
