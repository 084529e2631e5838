package io.sluice.handlers.internal.process;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Queues events whose handlers may be called, in the order in which they became ready, and limits
 * the number of concurrent calls. Owned by the domain's thread.
 */
final class ConcurrencyLimiter {

  private final int concurrency;
  private final OutstandingEvents outstanding;
  private final Set<InFlightEvent> ready = new LinkedHashSet<>();
  // An event whose row is no longer fresh when its turn comes is sent back to read it again. Then
  // it moves from sentBack to first, so that it does not queue behind the others a second time.
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

  /** Marks an event that could not be called after all: when it is added again, it comes first. */
  void sendBack(InFlightEvent event) {
    sentBack.add(event);
  }

  /** Removes an event that is finished or lost. */
  void remove(InFlightEvent event) {
    ready.remove(event);
    first.remove(event);
    sentBack.remove(event);
  }

  /** Whether ready events wait only for running calls to end. */
  boolean isExhausted() {
    return outstanding.calls() >= concurrency && hasReady();
  }

  /** Whether another handler may be called. */
  boolean hasNext() {
    return outstanding.calls() < concurrency && hasReady();
  }

  private boolean hasReady() {
    return !first.isEmpty() || !ready.isEmpty();
  }

  /**
   * Calls handlers up to the limit. Also stops when that many events could not be called, because
   * most of them become ready again soon and then come first.
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
      // The event may have been deferred since it was added.
      if (next.stage() == Stage.READY) {
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }
}
