package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.EventHeaders;

/**
 * Planned failures of handlers. A header of each event contains the number of attempts that fail,
 * so a run has a known number of retries and final failures.
 */
public final class Trouble {

  /** The number of attempts that fail. */
  public static final String HEADER = "demo-failures";

  private static final int FOR_GOOD_EVERY = 200;
  private static final int TWICE_EVERY = 50;
  private static final int ONCE_EVERY = 20;

  private Trouble() {}

  /**
   * Whether the planned failures make an event FAILED.
   *
   * @param failures the value of {@link #HEADER}
   * @param maxRetries the number of failed attempts that make an event FAILED
   */
  public static boolean isFinal(String failures, int maxRetries) {
    return Integer.parseInt(failures) >= maxRetries;
  }

  /** Headers of the n-th event: most events are handled without a failure. */
  static EventHeaders of(long n) {
    int failures = failures(n);
    return failures == 0
        ? EventHeaders.NONE
        : EventHeaders.NONE.with(HEADER, Integer.toString(failures));
  }

  private static int failures(long n) {
    if (n % FOR_GOOD_EVERY == 0) {
      return Integer.MAX_VALUE;
    }
    if (n % TWICE_EVERY == 0) {
      return 2;
    }
    return n % ONCE_EVERY == 0 ? 1 : 0;
  }
}
