package io.sluice.handlers.internal.flow;

/** Where an event came from, and who is told when it is done. Used by the domain's thread alone. */
public interface Place {

  /**
   * Whether the partition is still this worker's; if not, the event is somebody else's to finish.
   */
  boolean isHeld();

  /** Nothing is left to do: the offset may move past the event. */
  void finished();
}
