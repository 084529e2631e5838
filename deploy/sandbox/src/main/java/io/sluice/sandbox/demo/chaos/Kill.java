package io.sluice.sandbox.demo.chaos;

import java.time.Duration;

/**
 * A planned kill.
 *
 * @param moment when to kill: the committed share of the load, from 0 to 1
 * @param victim the process or server to kill
 * @param away how long the victim stays down
 */
record Kill(double moment, Victim victim, Duration away) {

  Kill {
    if (!(moment >= 0 && moment < 1)) {
      throw new IllegalArgumentException("moment is %s: must be in [0, 1)".formatted(moment));
    }
    if (away.isNegative()) {
      throw new IllegalArgumentException("away is %s: must not be negative".formatted(away));
    }
  }
}
