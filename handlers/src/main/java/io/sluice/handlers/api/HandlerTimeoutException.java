package io.sluice.handlers.api;

import java.time.Duration;

/** A handler did not end within the timeout of its policy. Counts like any other failure. */
public final class HandlerTimeoutException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final Duration timeout;

  /**
   * Created by the runtime.
   *
   * @param timeout the timeout of the policy
   */
  public HandlerTimeoutException(Duration timeout) {
    super(
        "the handler did not end within %s s: find out what it waited for, or give it more time by its"
                .formatted(timeout.toMillis() / 1_000.0)
            + " retry policy");
    this.timeout = timeout;
  }

  /** The timeout of the policy. */
  public Duration timeout() {
    return timeout;
  }
}
