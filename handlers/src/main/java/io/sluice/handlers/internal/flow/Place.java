package io.sluice.handlers.internal.flow;

import io.sluice.outbox.ShardId;

/** Where an event came from, and who is told when it is done. Used by the domain's thread alone. */
public interface Place {

  /**
   * Whether the event is still to be finished here; if not, its partition is another worker's, or
   * it was put off.
   */
  boolean isHeld();

  /** The event is not worked on now: its record is read again once its shard answers. */
  void putOff(ShardId shard);

  /** Nothing is left to do: the offset may move past the event. */
  void finished();
}
