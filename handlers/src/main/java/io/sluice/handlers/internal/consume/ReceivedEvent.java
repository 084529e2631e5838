package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import java.util.Objects;

/** An event and its place in the partition. */
record ReceivedEvent(long offset, HandledEvent event) {

  ReceivedEvent {
    Objects.requireNonNull(event, "event");
  }
}
