package io.sluice.relay.heal;

import java.time.Duration;

/**
 * That a position was not found good, look after look. A look that finds it so by chance, as while
 * a broker restarts, must not add to one of long ago.
 *
 * @param since when that was seen first, in {@link System#nanoTime}
 * @param last when that was seen last
 * @param looks how often
 */
record Doubt(long since, long last, int looks) {

  /** Longer than a supervisor waits between two attempts, and than an attempt takes. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

  private static final int LOOKS = 3;

  static Doubt begun() {
    return begun(System.nanoTime());
  }

  static Doubt begun(long now) {
    return new Doubt(now, now, 1);
  }

  /** Seen again now. */
  Doubt goesOn() {
    return goesOn(System.nanoTime());
  }

  Doubt goesOn(long now) {
    return now - last > FORGOTTEN_AFTER.toNanos() ? begun(now) : new Doubt(since, now, looks + 1);
  }

  /** Whether it was seen often enough, and for so long. */
  boolean hasLasted(Duration patience) {
    return looks >= LOOKS && last - since >= patience.toNanos();
  }
}
