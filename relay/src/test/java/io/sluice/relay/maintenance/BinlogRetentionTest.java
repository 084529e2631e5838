package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BinlogRetentionTest {

  private static final Optional<Duration> MONTH = Optional.of(Duration.ofDays(30));
  private static final Instant START = Instant.parse("2026-05-05T12:00:00Z");

  private final BinlogRetention retention = new BinlogRetention();

  private void look(int hour, String... files) {
    retention.note("one", MONTH, List.of(files), START.plus(Duration.ofHours(hour)));
  }

  @Test
  void withoutAPurgeTheSettingHolds() {
    look(0, "b.7", "b.8");
    look(1, "b.7", "b.8", "b.9");

    assertEquals(MONTH, retention.kept());
  }

  /** Such as Amazon's "binlog retention hours". */
  @Test
  void filesThatGoEarlierThanTheSettingSaysShowTheRule() {
    look(0, "b.7", "b.8");
    look(1, "b.8", "b.9");
    assertEquals(MONTH, retention.kept(), "b.7 may be older than the setting");
    look(25, "b.9", "b.10");

    assertEquals(Optional.of(Duration.ofHours(25)), retention.kept());
  }

  @Test
  void aPurgeByHandIsForgotten() {
    look(0, "b.8");
    look(1, "b.8", "b.9");
    look(2, "b.9");
    assertEquals(Optional.of(Duration.ofHours(2)), retention.kept());

    look(3, "b.9", "b.10");
    look(200, "b.9", "b.10");
    assertEquals(Optional.of(Duration.ofHours(198)), retention.kept());
    look(2 + 24 * 40, "b.9", "b.10");
    assertEquals(MONTH, retention.kept());
  }

  @Test
  void anotherServerHasARuleOfItsOwn() {
    look(0, "b.8");
    look(1, "b.9");
    retention.note("two", MONTH, List.of("b.1"), START);

    assertEquals(MONTH, retention.kept());
  }

  @Test
  void theOldestFileIsNext() {
    look(0, "b.000007", "b.000008");
    assertTrue(retention.isNext("b.000007"));
    assertFalse(retention.isNext("b.000008"));

    look(0, "b.000001", "b.000002");
    assertFalse(retention.isNext("b.000001"), "nothing was ever purged");
    look(0, "b.000002");
    assertFalse(retention.isNext("b.000002"), "the newest is never purged");
  }
}
