package io.sluice.handlers.api;

import java.time.Duration;

/**
 * A handler has not ended within the time its policy gives an attempt. A failure like any other.
 */
public final class HandlerTimeoutException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final Duration timeout;

  /**
   * Made by the runtime.
   *
   * @param timeout what the attempt was given
   */
  public HandlerTimeoutException(Duration timeout) {
    super(
        "the handler did not end within %s: find out what it waited for, or give it more time by its"
                .formatted(timeout)
            + " retry policy");
    this.timeout = timeout;
  }

  /** What the attempt was given. */
  public Duration timeout() {
    return timeout;
  }
}
