package io.sluice.relay.shard;

import java.time.Duration;

/** Writes durations for messages, in the units of the configuration. */
public final class DurationText {

  private DurationText() {}

  /** Writes a duration in its two largest units, such as {@code 30s}, {@code 1m 30s} or {@code 7d}. */
  public static String of(Duration duration) {
    if (duration.isNegative()) {
      return "-" + of(duration.negated());
    }
    long[] amounts = {
      duration.toDays(),
      duration.toHoursPart(),
      duration.toMinutesPart(),
      duration.toSecondsPart(),
      duration.toMillisPart()
    };
    String[] units = {"d", "h", "m", "s", "ms"};
    for (int i = 0; i < units.length; i++) {
      if (amounts[i] > 0) {
        boolean isRound = i + 1 == units.length || amounts[i + 1] == 0;
        return amounts[i] + units[i] + (isRound ? "" : " " + amounts[i + 1] + units[i + 1]);
      }
    }
    return "0s";
  }
}
