package io.sluice.handlers;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import java.util.List;
import java.util.Set;

/**
 * The events and domains that a runtime had not finished when it stopped. No event is lost: rows
 * are unchanged, and their events are delivered again.
 *
 * @param abandoned events whose handler had not returned, or whose outcome was not written, at the
 *     end of the time for handlers, even if the handler ended after its interrupt
 * @param unended domains whose thread did not end in time. Their events are not in {@code
 *     abandoned}
 */
public record StopReport(List<HandledEvent> abandoned, Set<EventDomain> unended) {

  public StopReport {
    abandoned = List.copyOf(abandoned);
    unended = Set.copyOf(unended);
  }

  /** Whether all events and threads have ended. */
  public boolean isClean() {
    return abandoned.isEmpty() && unended.isEmpty();
  }
}
