package io.sluice.relay.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

  private static final long MIB = 1 << 20;
  private final Pace pace = new Pace();

  @Test
  void sizesFollowTheTimeThatKafkaNeeds() {
    assertEquals(4 * MIB, pace.bytes());
    pace.succeeded(4 * MIB, Duration.ofSeconds(8));
    pace.succeeded(2 * MIB, Duration.ofSeconds(6));
    assertEquals(MIB, pace.bytes());
    pace.succeeded(MIB, Duration.ofSeconds(4));
    assertEquals(MIB, pace.bytes());
    for (int i = 0; i < 9; i++) {
      pace.succeeded(MIB, Duration.ofMillis(100));
    }
    assertEquals(4 * MIB, pace.bytes());
  }

  @Test
  void aPublicationThatTimedOutGetsTheTimeThatItsSizeNeeds() {
    assertEquals(Duration.ofSeconds(10), pace.patience());
    pace.timedOut(8 * MIB);
    assertEquals(Duration.ofSeconds(138), pace.patience());
    assertEquals(2 * MIB, pace.bytes());
    pace.succeeded(8 * MIB, Duration.ofSeconds(40));
    assertEquals(Duration.ofSeconds(10), pace.patience());
    for (int i = 0; i < 9; i++) {
      pace.timedOut(MIB / 16);
    }
    assertEquals(MIB / 16, pace.bytes());
  }

  @Test
  void aSmallPublicationNeitherShrinksOthersNorTakesTheirTime() {
    pace.timedOut(8 * MIB);
    pace.timedOut(1);
    assertEquals(Duration.ofSeconds(138), pace.patience());
    assertEquals(2 * MIB, pace.bytes());
    pace.timedOut(100 * MIB);
    assertEquals(Duration.ofMinutes(14), pace.patience());
  }
}
