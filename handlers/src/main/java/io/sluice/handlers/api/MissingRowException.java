package io.sluice.handlers.api;

/**
 * The row of an event is missing although it cannot have been cleaned up yet. The event is sent to
 * its dead-letter topic. Its handler is not called again, and may have run before.
 */
public final class MissingRowException extends HandlersException {

  private static final long serialVersionUID = 1;

  /** Created by the runtime. */
  public MissingRowException() {
    super(
        "the row of the event is missing, although no row of its age is cleaned up: its table was"
            + " replaced or restored, or the row was deleted by hand; the handler was not called"
            + " again, and may have run before");
  }
}
