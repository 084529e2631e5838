package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Defers events: takes their payloads from memory and, once they may continue, brings them back as
 * far as there is room for these. Where rows do not have payloads, events keep theirs and return at
 * once. Owned by the domain's thread.
 */
final class Deferrals {

  /** Of one aggregate, so many return together, so that their rows are read by one statement. */
  static final int RETURN_TOGETHER = 10;

  private final Buffer buffer;
  private final EventLoop loop;
  private final boolean rowsHavePayloads;
  private final Deque<InFlightEvent> returning = new ArrayDeque<>();

  Deferrals(Buffer buffer, EventLoop loop, boolean rowsHavePayloads) {
    this.buffer = buffer;
    this.loop = loop;
    this.rowsHavePayloads = rowsHavePayloads;
  }

  /** Defers an event until {@link #mayReturn} is asked for it. */
  void defer(InFlightEvent event, Awaited awaited) {
    forget(event);
    event.defer(awaited);
    if (rowsHavePayloads) {
      buffer.unload(event);
    }
  }

  /** Defers an event until this time has passed. */
  void defer(InFlightEvent event, Awaited awaited, Duration wait, Runnable whenDue) {
    defer(event, awaited);
    Runnable due =
        () -> {
          event.timed(Optional.empty());
          whenDue.run();
        };
    event.timed(Optional.of(loop.after(wait, due)));
  }

  /** Cancels what was to happen to an event at a later time. */
  void forget(InFlightEvent event) {
    event.timer().ifPresent(loop::cancel);
    event.timed(Optional.empty());
  }

  /**
   * Asks for an event to return.
   *
   * @return whether its row can be read at once; if not, {@link #next} gives it when there is room
   */
  boolean mayReturn(InFlightEvent event) {
    if (event.isLoaded()) {
      return true;
    }
    event.defer(Awaited.ROOM);
    returning.addLast(event);
    return false;
  }

  /** The next event for which there is room, whose row is to be read with its payload. */
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
}
