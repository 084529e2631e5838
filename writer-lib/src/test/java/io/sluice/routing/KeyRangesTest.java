package io.sluice.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyRangesTest {

  private static final ShardId ONE = ShardId.of("one");
  private static final ShardId TWO = ShardId.of("two");
  private static final ShardId THREE = ShardId.of("three");

  /** Computed with {@code printf 'user-1' | sha256sum}; the slot of a key never changes. */
  @ParameterizedTest
  @CsvSource({"user-1, 50882", "'', 58288", "Größe, 44764"})
  void aKeyAlwaysHasTheSameSlot(String key, int slot) {
    assertEquals(slot, KeyRanges.slot(key));
  }

  @Test
  void keysSpreadEvenly() {
    KeyRanges ranges = KeyRanges.evenly(List.of(ONE, TWO, THREE));
    Map<ShardId, Integer> keys = new HashMap<>();

    IntStream.range(0, 30_000).forEach(i -> keys.merge(ranges.shard("user-" + i), 1, Integer::sum));

    keys.values().forEach(count -> assertTrue(Math.abs(count - 10_000) < 500, keys::toString));
  }

  @Test
  void aNewShardMovesOnlyTheKeysItIsGiven() {
    KeyRanges before = KeyRanges.evenly(List.of(ONE, TWO));
    KeyRanges after = before.moved(60_000, 65_535, THREE);

    for (int i = 0; i < 10_000; i++) {
      String key = "user-" + i;
      ShardId expected = KeyRanges.slot(key) >= 60_000 ? THREE : before.shard(key);
      assertEquals(expected, after.shard(key), key);
    }
    assertEquals("0-32767=one,32768-59999=two,60000-65535=three", after.toString());
  }

  @Test
  void movingBackJoinsTheRangesAgain() {
    KeyRanges ranges = KeyRanges.evenly(List.of(ONE, TWO));

    assertEquals(ranges, ranges.moved(100, 200, THREE).moved(100, 200, ONE));
    assertEquals(KeyRanges.evenly(List.of(ONE)), ranges.moved(32_768, 65_535, ONE));
  }

  @Test
  void parseReadsTheResultOfToString() {
    String text = "0-32767=one,32768-59999=two,60000-65535=three";

    assertEquals(text, KeyRanges.parse(text).toString());
    assertEquals(
        KeyRanges.parse(text), KeyRanges.parse(" 60000-65535=three, 0-32767=one,32768-59999=two"));
    assertEquals(List.of(ONE, TWO, THREE), KeyRanges.parse(text).shards());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-100=one | slots 101 to 65535 have no shard",
        "1-65535=one | slots 0 to 0 have no shard",
        "0-40000=one,40002-65535=two | slots 40001 to 40001 have no shard",
        "0-40000=one,30000-65535=two | slots 30000 to 40000 have two shards",
        "0-40000=one,0-65535=two | two ranges start with slot 0",
        "0-65536=one | or the last is greater than 65535",
        "9-3=one | the first slot of a range is greater than the last",
        "all=one | a range has the form 0-32767=shard-1"
      })
  void invalidRangesAreRefusedWithTheReason(String text, String problem) {
    String message =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> KeyRanges.parse(text)).getMessage());

    assertTrue(message.contains(problem), message);
  }

  @Test
  void noShardOrADuplicateShardIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> KeyRanges.evenly(List.of()));
    assertThrows(IllegalArgumentException.class, () -> KeyRanges.evenly(List.of(ONE, ONE)));
    assertThrows(
        IllegalArgumentException.class, () -> KeyRanges.evenly(List.of(ONE)).moved(5, 4, TWO));
  }
}
