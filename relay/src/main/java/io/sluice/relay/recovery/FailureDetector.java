package io.sluice.relay.recovery;

import java.time.Duration;

/**
 * That a position was not found good, look after look. A look that finds it so by chance, as while
 * a broker restarts, must not add to one of long ago.
 *
 * @param since when that was seen first, in {@link System#nanoTime}
 * @param last when that was seen last
 * @param looks how often
 */
record FailureDetector(long since, long last, int looks) {

  /** Longer than a supervisor waits between two attempts, and than an attempt takes. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

  private static final int LOOKS = 3;

  static FailureDetector begun() {
    return begun(System.nanoTime());
  }

  static FailureDetector begun(long now) {
    return new FailureDetector(now, now, 1);
  }

  /** Seen again now. */
  FailureDetector goesOn() {
    return goesOn(System.nanoTime());
  }

  FailureDetector goesOn(long now) {
    return now - last > FORGOTTEN_AFTER.toNanos()
        ? begun(now)
        : new FailureDetector(since, now, looks + 1);
  }

  /** Whether it was seen often enough, and for so long. */
  boolean hasLasted(Duration patience) {
    return looks >= LOOKS && last - since >= patience.toNanos();
  }
}
