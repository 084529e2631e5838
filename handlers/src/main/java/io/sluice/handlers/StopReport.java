package io.sluice.handlers;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import java.util.List;
import java.util.Set;

/**
 * What the end of a runtime left half done. Nothing of it is lost: rows stay as they are, and their
 * events are delivered again.
 *
 * @param abandoned events whose handler had not returned, or whose outcome was not written, when
 *     the time for handlers was over; one that ended while it was broken off is among them
 * @param unended domains that did not come to their end in time, and cannot tell what they had in
 *     hand
 */
public record StopReport(List<HandledEvent> abandoned, Set<EventDomain> unended) {

  public StopReport {
    abandoned = List.copyOf(abandoned);
    unended = Set.copyOf(unended);
  }

  /** Whether all that was begun came to its end. */
  public boolean isClean() {
    return abandoned.isEmpty() && unended.isEmpty();
  }
}
