package io.sluice.sandbox.demo.chaos;

import java.time.Duration;

/**
 * A planned kill.
 *
 * @param moment how much of the load is committed then, from 0 to 1
 * @param victim who is killed
 * @param away how long until it is started again
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
