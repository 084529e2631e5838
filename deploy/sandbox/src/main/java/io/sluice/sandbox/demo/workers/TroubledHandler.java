package io.sluice.sandbox.demo.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.sandbox.demo.trading.Trouble;
import java.io.IOException;

/**
 * Stands for business code: reads the payload, and fails as often as the event's header asks for.
 */
final class TroubledHandler implements EventHandler {

  private static final ObjectMapper JSON = new ObjectMapper();

  @Override
  public void handle(HandledEvent event) throws IOException {
    JsonNode payload = JSON.readTree(event.payloadBytes());
    if (!payload.isObject()) {
      throw new IOException("payload is not an object");
    }
    String failures = event.headers().values().getOrDefault(Trouble.HEADER, "0");
    if (event.attempt() <= Integer.parseInt(failures)) {
      throw new DownstreamException("the downstream service did not answer");
    }
  }

  /** What business code meets every day. */
  private static final class DownstreamException extends IOException {
    private static final long serialVersionUID = 1;

    DownstreamException(String message) {
      super(message);
    }
  }
}
