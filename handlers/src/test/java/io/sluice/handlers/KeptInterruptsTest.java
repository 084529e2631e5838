package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class KeptInterruptsTest {

  private static long in(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  @Test
  void anInterruptEndsNoWaitAndIsGivenBackAtTheEnd() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    AtomicBoolean waited = new AtomicBoolean();
    AtomicBoolean givenBack = new AtomicBoolean();
    Thread closing =
        new Thread(
            () -> {
              try (KeptInterrupts interrupts = new KeptInterrupts()) {
                interrupts.await(
                    millis -> waited.set(gate.await(millis, TimeUnit.MILLISECONDS)),
                    in(Duration.ofMinutes(1)));
              }
              givenBack.set(Thread.interrupted());
            });
    closing.start();
    until("it waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
    closing.interrupt();
    until("the interrupt is taken", () -> !closing.isInterrupted());
    until("it waits again", () -> closing.getState() == Thread.State.TIMED_WAITING);

    gate.countDown();
    closing.join();

    assertTrue(waited.get());
    assertTrue(givenBack.get());
  }

  @Test
  void whatCannotBeClosedKeepsNothingElseFromIt() {
    List<String> closed = new ArrayList<>();
    try (KeptInterrupts interrupts = new KeptInterrupts();
        Logged logged = Logged.by(HandlerRuntime.class)) {
      interrupts.attempt(
          "this",
          () -> {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("as if");
          });
      interrupts.attempt("that", () -> closed.add("interrupted " + Thread.interrupted()));

      assertEquals(List.of("interrupted false"), closed);
      assertEquals(
          "this could not be closed in order; the rest is closed nevertheless",
          logged.events().get(0).getFormattedMessage());
    }
    assertTrue(Thread.interrupted(), "it was interrupted meanwhile");
  }

  @Test
  void whoWasNotInterruptedIsNot() {
    new KeptInterrupts().close();

    assertFalse(Thread.interrupted());
  }
}
