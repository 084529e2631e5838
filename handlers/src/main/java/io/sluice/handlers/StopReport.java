package io.sluice.handlers;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import java.util.List;
import java.util.Set;

/**
 * What a runtime had not finished when it stopped. Nothing is lost: rows are unchanged, and their
 * events are delivered again.
 *
 * @param abandoned events whose handler had not returned, or whose outcome was not written, when
 *     the time for handlers was over, even if the handler ended when it was interrupted
 * @param unended domains whose thread did not end in time; their events are not in {@code
 *     abandoned}
 */
public record StopReport(List<HandledEvent> abandoned, Set<EventDomain> unended) {

  public StopReport {
    abandoned = List.copyOf(abandoned);
    unended = Set.copyOf(unended);
  }

  /** Whether everything that was started has ended. */
  public boolean isClean() {
    return abandoned.isEmpty() && unended.isEmpty();
  }
}
