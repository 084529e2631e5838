package io.sluice.examples;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for conditions. */
public final class Until {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(10);

  private Until() {}

  /** What is waited for. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Returns once the condition holds, and fails when it does not for a minute. */
  public static void until(String what, Condition condition) throws Exception {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > deadline) {
        fail("did not happen within %s: %s".formatted(LONGEST, what));
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
