package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static Retention of(String policy, long millis, long bytes) {
    return Retention.of(
        Optional.of(
            Map.of(
                "cleanup.policy",
                policy,
                "retention.ms",
                Long.toString(millis),
                "retention.bytes",
                Long.toString(bytes))));
  }

  @Test
  void onlyRetentionByTimeHasAKnownLimit() {
    assertEquals(new Retention.ByTime(Duration.ofHours(2)), of("delete", 7_200_000, -1));
    assertEquals(new Retention.Oldest(), of("delete", 7_200_000, 1_000_000));
    assertEquals(new Retention.Oldest(), of("delete", -1, -1));
  }

  @Test
  void aCompactedTopicMayLackAnyRecord() {
    assertEquals(new Retention.AnyRecord(), of("compact", -1, -1));
    assertEquals(new Retention.AnyRecord(), of("compact,delete", 7_200_000, -1));
  }

  @Test
  void ifTheSettingsCannotBeReadAnyRecordMayBeMissing() {
    assertEquals(new Retention.AnyRecord(), Retention.of(Optional.empty()));
  }
}
