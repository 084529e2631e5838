package io.sluice.handlers.internal.process;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Defers events that cannot continue, and those behind them in their aggregate: their payloads
 * leave the buffer. What may continue is given by {@link #next}, as far as there is room. Owned by
 * the domain's thread.
 */
final class Deferrals {

  /** Of one aggregate, so many return together, so that their rows are read by one statement. */
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

  /** Defers an event and, if it is the first of its aggregate, those behind it. */
  void defer(InFlightEvent event, Awaited awaited) {
    deferAlone(event, awaited);
    AggregateQueue queue = queues.of(event);
    if (queue.isHead(event)) {
      deferFollowers(queue);
    }
  }

  /** The same until this time has passed. */
  void defer(InFlightEvent event, Awaited awaited, Duration wait) {
    defer(event, awaited);
    startTimer(event, wait);
  }

  /** Defers an event until this time has passed, and lets others pass it meanwhile. */
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

  /** Defers all events behind the first of an aggregate. */
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
    event.takeTimer();
    if (!event.isDeferred()) {
      // The timer is repeated if its first run has failed halfway.
      return;
    }
    AggregateQueue queue = queues.of(event);
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
   * Defers all events behind the first of an aggregate, since a deferred one has come before
   * others: if those kept their room in the buffer, the first might wait for room that they have.
   */
  void reordered(AggregateQueue queue) {
    queue.followersDeferred(false);
    deferFollowers(queue);
  }

  /** Another event has come before it, perhaps the redriven one whose record it waits for. */
  void noLongerHead(AggregateQueue queue, InFlightEvent event) {
    queue.followersDeferred(false);
    if (event.isDeferred() && (!event.hasTimer() || event.awaits(Awaited.REDRIVEN_EVENT))) {
      deferAlone(event, Awaited.PREDECESSOR);
    }
  }

  /** Has the first events of an aggregate return that were deferred behind others. */
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
   * Takes the next event that may continue.
   *
   * @return the next event that may continue and for which there is room, if there is one: its row
   *     is to be read
   */
  Optional<InFlightEvent> next() {
    while (!returning.isEmpty() && buffer.hasRoomToReturn()) {
      InFlightEvent event = returning.removeFirst();
      // It may have been deferred again meanwhile, or lost.
      if (event.awaits(Awaited.ROOM)) {
        buffer.reserve(event);
        return Optional.of(event);
      }
    }
    return Optional.empty();
  }

  /** Defers the events of a shard that does not answer. */
  void shardAway(ShardId shard) {
    queues.of(shard).forEach(this::deferAll);
  }

  private void deferAll(AggregateQueue queue) {
    @Nullable InFlightEvent head = queue.head();
    // One that waits for a time finds out at that time that the shard is away.
    if (head != null && !head.isOutstanding() && !head.hasTimer()) {
      defer(head, Awaited.SHARD);
    } else {
      deferFollowers(queue);
    }
  }

  /** Has the events of a shard return that answers again. */
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
