package io.sluice.handlers.internal.process;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

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

  /** It is finished, or another worker has to finish it. */
  void remove(InFlightEvent event) {
    ready.remove(event);
    first.remove(event);
    sentBack.remove(event);
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
   * Has handlers called, as many as may run. Events that cannot be called after all are sent back,
   * no more than that at once: most return in a moment and are then the first.
   *
   * @param call calls the handler of an event, and returns whether it did
   */
  void callNext(Predicate<InFlightEvent> call) {
    int notCalled = 0;
    while (hasNext() && notCalled < concurrency) {
      Optional<InFlightEvent> next = poll(first).or(() -> poll(ready));
      if (next.isEmpty()) {
        return;
      }
      notCalled += call.test(next.get()) ? 0 : 1;
    }
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
