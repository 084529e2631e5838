package io.sluice.relay.shard;

import java.time.Duration;

/** Writes durations for messages, in the units of the configuration. */
public final class DurationText {

  private static final int MILLIS = 1_000;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int DAY = 24 * HOUR;

  private DurationText() {}

  /**
   * Writes a duration in the largest unit that describes it exactly, such as {@code 30s}, {@code
   * 10m} or {@code 7d}. A duration with milliseconds is rounded to seconds if it is longer than ten
   * seconds.
   */
  public static String of(Duration duration) {
    long millis = duration.toMillis();
    if (millis % MILLIS != 0 && Math.abs(millis) < 10L * MILLIS) {
      return millis + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds == 0 || seconds % MINUTE != 0) {
      return seconds + "s";
    }
    if (seconds % HOUR != 0) {
      return seconds / MINUTE + "m";
    }
    return seconds % DAY == 0 ? seconds / DAY + "d" : seconds / HOUR + "h";
  }
}
