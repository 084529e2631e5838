package io.sluice.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a condition, by default at most one minute. */
public final class Await {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  public static void until(BooleanSupplier condition) {
    until(BOUND, "the condition", condition);
  }

  /**
   * Waits at most for this time.
   *
   * @param what description of the condition
   */
  public static void until(Duration bound, String what, BooleanSupplier condition) {
    until(bound, () -> what, condition);
  }

  /** Waits with a description that is created when the wait fails. */
  public static void until(Duration bound, Supplier<String> what, BooleanSupplier condition) {
    try {
      await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(INTERVAL)
          .atMost(bound)
          .until(condition::getAsBoolean);
    } catch (ConditionTimeoutException e) {
      fail("%s did not come true within %s".formatted(what.get(), bound), e);
    }
  }
}
