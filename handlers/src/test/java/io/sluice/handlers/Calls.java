package io.sluice.handlers;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A handler that records its events, and can fail or wait. */
final class Calls implements EventHandler {

  private final List<HandledEvent> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger failuresLeft;
  private final CountDownLatch gate;
  private final AtomicInteger interrupted = new AtomicInteger();

  private Calls(int failures, int gates) {
    failuresLeft = new AtomicInteger(failures);
    gate = new CountDownLatch(gates);
  }

  static Calls succeeding() {
    return new Calls(0, 0);
  }

  /** Creates a handler whose first calls fail, up to this number. */
  static Calls failing(int times) {
    return new Calls(times, 0);
  }

  /** Creates a handler whose calls do not return before {@link #open}. */
  static Calls gated() {
    return gated(0);
  }

  /** Creates a gated handler whose first calls to return fail, up to this number. */
  static Calls gated(int failures) {
    return new Calls(failures, 1);
  }

  void open() {
    gate.countDown();
  }

  @Override
  public void handle(HandledEvent event) throws Exception {
    events.add(event);
    try {
      gate.await();
    } catch (InterruptedException e) {
      interrupted.incrementAndGet();
      throw e;
    }
    if (failuresLeft.getAndDecrement() > 0) {
      throw new IllegalStateException("attempt " + event.attempt() + " fails");
    }
  }

  /** The number of calls that were interrupted while they waited. */
  int interrupted() {
    return interrupted.get();
  }

  List<HandledEvent> events() {
    return List.copyOf(events);
  }

  List<Integer> attempts() {
    return events.stream().map(HandledEvent::attempt).toList();
  }

  int count() {
    return events.size();
  }
}
