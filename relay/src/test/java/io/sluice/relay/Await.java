package io.sluice.relay;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a condition, at most a minute unless a bound is given. */
public final class Await {

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  public static void until(BooleanSupplier condition) {
    until(BOUND, "the condition", condition);
  }

  /**
   * Waits no longer than this bound.
   *
   * @param what the condition says
   */
  public static void until(Duration bound, String what, BooleanSupplier condition) {
    until(bound, () -> what, condition);
  }

  /** The same with a description that is made when the wait fails. */
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
