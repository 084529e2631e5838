package io.sluice.sandbox.demo.workers;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.sandbox.demo.trading.Trouble;
import java.io.IOException;

/**
 * Simulates a service that handlers call. It fails as often as the header of the event requests.
 */
final class Downstream {

  private Downstream() {}

  static void call(HandledEvent event) throws IOException {
    String failures = event.headers().values().getOrDefault(Trouble.HEADER, "0");
    if (event.attempt() <= Integer.parseInt(failures)) {
      throw new DownstreamException("the downstream service did not answer");
    }
  }

  /** A failure of the service. */
  private static final class DownstreamException extends IOException {
    private static final long serialVersionUID = 1;

    DownstreamException(String message) {
      super(message);
    }
  }
}
