package io.sluice.relay.heal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DoubtTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static long at(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void lastsOnceItWasSeenOftenEnoughForSoLong() {
    assertTrue(Doubt.begun(0).goesOn(at(15)).goesOn(at(30)).hasLasted(PATIENCE));
  }

  @Test
  void doesNotLastBeforeThatTime() {
    assertFalse(Doubt.begun(0).goesOn(at(15)).goesOn(at(29)).hasLasted(PATIENCE));
  }

  @Test
  void twoLooksAreNotEnoughHoweverFarApart() {
    assertFalse(Doubt.begun(0).goesOn(at(100)).hasLasted(PATIENCE));
  }

  @Test
  void oneOfLongAgoIsForgotten() {
    assertFalse(
        Doubt.begun(0).goesOn(at(40)).goesOn(at(40 + 3600)).goesOn(at(3645)).hasLasted(PATIENCE));
  }
}
