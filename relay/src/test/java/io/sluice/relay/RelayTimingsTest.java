package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.maintenance.MaintenanceTimings;
import io.sluice.relay.supervise.SupervisionTimings;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RelayTimingsTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static SupervisionTimings supervision(Duration silence, Duration longestBackoff) {
    return new SupervisionTimings(
        SECOND, silence, SECOND, SECOND, SECOND, longestBackoff, SECOND, SECOND, SECOND);
  }

  @Test
  void silenceMustBeLongerThanTwoHeartbeats() {
    supervision(Duration.ofSeconds(2), SECOND);

    assertThrows(
        IllegalArgumentException.class, () -> supervision(Duration.ofMillis(1_999), SECOND));
  }

  @Test
  void aBackoffDoesNotShrink() {
    assertThrows(
        IllegalArgumentException.class,
        () -> supervision(Duration.ofSeconds(2), Duration.ofMillis(999)));
  }

  @Test
  void intervalsOfZeroAreRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new MaintenanceTimings(
                Duration.ZERO, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND, SECOND));
  }

  @Test
  void inProductionSeveralHeartbeatsMayBeMissed() {
    SupervisionTimings production = RelayTimings.PRODUCTION.supervision();

    assertTrue(production.silence().compareTo(production.heartbeat().multipliedBy(4)) > 0);
  }
}
