package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import java.util.Objects;

/** What a record turned out to be. */
sealed interface ReadRecord {

  /**
   * An event; attempt and retries are still to be taken from its row.
   *
   * @param redrives how often it had been redriven when the record was made
   */
  record Event(HandledEvent event, int redrives) implements ReadRecord {
    public Event {
      Objects.requireNonNull(event, "event");
    }
  }

  /** A record that the relay did not write, and how that shows. */
  record Foreign(String reason) implements ReadRecord {
    public Foreign {
      Objects.requireNonNull(reason, "reason");
    }
  }
}
