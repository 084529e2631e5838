package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.binlog.OldestBinlogFile;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BinlogRetentionTest {

  private static final Optional<Duration> MONTH = Optional.of(Duration.ofDays(30));
  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

  private static Optional<Duration> kept(Optional<Duration> setting, String oldest, int days) {
    OldestBinlogFile file = new OldestBinlogFile(oldest, NOW.minus(Duration.ofDays(days)));
    return new BinlogRetention(setting, file, NOW).kept();
  }

  @Test
  void withoutAPurgeTheSettingHolds() {
    assertEquals(MONTH, kept(MONTH, "b.000001", 2));
    assertEquals(Optional.empty(), kept(Optional.empty(), "b.000001", 2));
  }

  /** Such as Amazon's "binlog retention hours". */
  @Test
  void filesThatWentEarlierThanTheSettingSaysShowTheRule() {
    assertEquals(Optional.of(Duration.ofDays(2)), kept(MONTH, "b.000007", 2));
    assertEquals(Optional.of(Duration.ofDays(2)), kept(Optional.empty(), "b.000007", 2));
  }

  @Test
  void anOlderFileIsPurgedByTheSetting() {
    assertEquals(MONTH, kept(MONTH, "b.000007", 40));
  }
}
