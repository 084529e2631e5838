package io.sluice.redrive;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits, unless interrupted. */
interface Pause {

  /** By the machine's clock. */
  Pause REAL =
      time -> {
        boolean ended = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
        if (ended) {
          throw new IllegalStateException("nobody counts down");
        }
      };

  void of(Duration time) throws InterruptedException;
}
