package io.sluice.handlers.internal.process;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Events whose handler may be called, in the order in which they became ready, as far as so many
 * calls are allowed. Owned by the domain's thread.
 */
final class ConcurrencyLimiter {

  private final int concurrency;
  private final OutstandingEvents outstanding;
  private final Set<InFlightEvent> ready = new LinkedHashSet<>();
  // Those that had come to the front and were sent back: they need not queue again.
  private final Set<InFlightEvent> first = new LinkedHashSet<>();
  private final Set<InFlightEvent> sentBack = new LinkedHashSet<>();

  ConcurrencyLimiter(int concurrency, OutstandingEvents outstanding) {
    this.concurrency = concurrency;
    this.outstanding = outstanding;
  }

  void add(InFlightEvent event) {
    if (sentBack.remove(event)) {
      first.add(event);
    } else {
      ready.add(event);
    }
  }

  /** It could not be called when it came to the front; when it is added again, it is the first. */
  void sendBack(InFlightEvent event) {
    sentBack.add(event);
  }

  /** Whether events wait only because too many calls run. */
  boolean isExhausted() {
    return outstanding.calls() >= concurrency && hasReady();
  }

  /** Whether another event may be called. */
  boolean hasNext() {
    return outstanding.calls() < concurrency && hasReady();
  }

  private boolean hasReady() {
    return !first.isEmpty() || !ready.isEmpty();
  }

  /**
   * Takes the first event, if another call may run.
   *
   * @return the event whose handler is called next, removed from here
   */
  Optional<InFlightEvent> next() {
    return outstanding.calls() >= concurrency
        ? Optional.empty()
        : poll(first).or(() -> poll(ready));
  }

  private static Optional<InFlightEvent> poll(Set<InFlightEvent> events) {
    Iterator<InFlightEvent> each = events.iterator();
    while (each.hasNext()) {
      InFlightEvent next = each.next();
      each.remove();
      // It may have been deferred since it was added, or lost.
      if (next.stage() == Stage.READY) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }
}
