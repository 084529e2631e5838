package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OffsetSetTest {

  @Test
  void isASet() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    OffsetSet set = new OffsetSet();
    TreeSet<Long> model = new TreeSet<>();
    for (int step = 0; step < 20_000; step++) {
      long offset = (1L << 40) + random.nextInt(20_000);
      if (random.nextInt(5) < 3) {
        set.add(offset);
        model.add(offset);
      } else {
        long first = model.isEmpty() ? offset : model.first();
        set.remove(first);
        model.remove(first);
      }
      assertEquals(model.contains(offset), set.contains(offset), () -> "seed " + seed);
      OptionalLong first = model.isEmpty() ? OptionalLong.empty() : OptionalLong.of(model.first());
      assertEquals(first, set.first(), () -> "seed " + seed);
    }
    assertEquals(model.size(), emptied(set), () -> "seed " + seed);
  }

  @Test
  void losesWhatIsBetweenTwoOffsetsAndIsNotKept() {
    OffsetSet set = new OffsetSet();
    OffsetSet kept = new OffsetSet();
    LongStream.range(10, 10_000).forEach(set::add);
    LongStream.of(5, 5000, 9000).forEach(kept::add);

    assertEquals(7_999, set.removeBetween(1_000, 9_000, kept));
    assertTrue(set.contains(999) && set.contains(5_000) && set.contains(9_000));
    assertFalse(set.contains(1_000) || set.contains(8_999));
    assertEquals(0, set.removeBetween(20_000, 30_000, kept));
    assertEquals(10_000 - 10 - 7_999, emptied(set));
  }

  /** Of a set that is not needed any more. */
  private static long emptied(OffsetSet set) {
    return set.removeBetween(0, Long.MAX_VALUE, new OffsetSet());
  }
}
