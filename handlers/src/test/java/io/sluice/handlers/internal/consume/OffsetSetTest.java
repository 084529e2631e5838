package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
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
  }
}
