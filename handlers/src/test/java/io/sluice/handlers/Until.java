package io.sluice.handlers;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Waits for conditions. */
public final class Until {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration INTERVAL = Duration.ofMillis(10);

  private Until() {}

  /** A condition to wait for. */
  public interface Condition {
    boolean holds() throws Exception;
  }

  /** Returns when the condition holds, and fails if it does not hold within a minute. */
  public static void until(String what, Condition condition) throws Exception {
    await(what)
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(INTERVAL)
        .atMost(LONGEST)
        .until(condition::holds);
  }
}
