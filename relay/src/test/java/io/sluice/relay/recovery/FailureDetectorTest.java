package io.sluice.relay.recovery;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailureDetectorTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static long at(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void failsAfterEnoughFailuresForLongEnough() {
    assertTrue(
        FailureDetector.firstFailure(0)
            .failedAgain(at(15))
            .failedAgain(at(30))
            .hasLasted(PATIENCE));
  }

  @Test
  void doesNotFailBeforeThePatienceIsOver() {
    assertFalse(
        FailureDetector.firstFailure(0)
            .failedAgain(at(15))
            .failedAgain(at(29))
            .hasLasted(PATIENCE));
  }

  @Test
  void twoFailuresAreNotEnough() {
    assertFalse(FailureDetector.firstFailure(0).failedAgain(at(100)).hasLasted(PATIENCE));
  }

  @Test
  void anOldFailureIsForgotten() {
    assertFalse(
        FailureDetector.firstFailure(0)
            .failedAgain(at(40))
            .failedAgain(at(40 + 3600))
            .failedAgain(at(3645))
            .hasLasted(PATIENCE));
  }
}
