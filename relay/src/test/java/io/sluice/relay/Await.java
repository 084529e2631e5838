package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition, a minute at most unless told otherwise. */
public final class Await {

  private static final long TIMEOUT_SECONDS = 60;

  private Await() {}

  public static void until(BooleanSupplier condition) {
    until(Duration.ofSeconds(TIMEOUT_SECONDS), "the condition", condition);
  }

  /** Waits this long at most for what the words say. */
  public static void until(Duration bound, String what, BooleanSupplier condition) {
    until(bound, () -> what, condition);
  }

  /** The same, where what to say is not known before. */
  public static void until(Duration bound, Supplier<String> what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        fail("%s did not come true within %s".formatted(what.get(), bound));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }
}
