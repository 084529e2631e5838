package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.EventHeaders;

/**
 * How often an event's handler is to fail, told to it by a header of the event. So a run shows
 * retries and final failures, and how many is known beforehand.
 */
public final class Trouble {

  /** How many attempts fail, as a number. */
  public static final String HEADER = "demo-failures";

  private static final int FOR_GOOD_EVERY = 200;
  private static final int TWICE_EVERY = 50;
  private static final int ONCE_EVERY = 20;

  private Trouble() {}

  /** Headers for the n-th event: most events are handled without trouble. */
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
