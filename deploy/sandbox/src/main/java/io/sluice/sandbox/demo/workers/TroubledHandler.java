package io.sluice.sandbox.demo.workers;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import java.io.IOException;

/** Simulates business code whose effects are outside the database. */
final class TroubledHandler implements EventHandler {

  @Override
  public void handle(HandledEvent event) throws IOException {
    JsonPayload.of(event);
    Downstream.call(event);
  }
}
