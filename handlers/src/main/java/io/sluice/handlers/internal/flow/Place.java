package io.sluice.handlers.internal.flow;

/** Where an event came from, and who is told when it is done. Used by the domain's thread alone. */
public interface Place {

  /**
   * Whether the event is still to be finished here; if not, its partition is another worker's, or
   * it was put off.
   */
  boolean isHeld();

  /** The event is not worked on now: its record is read again once the reason is gone. */
  void putOff(PutOffReason reason);

  /** Nothing is left to do: the offset may move past the event. */
  void finished();
}
