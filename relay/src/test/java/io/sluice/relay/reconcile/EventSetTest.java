package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.state.EventCopy;
import org.junit.jupiter.api.Test;

class EventSetTest {

  private static final byte ONE = 1;
  private static final byte TWO = 2;

  @Test
  void keepsTheMarksOfManyEvents() {
    EventSet set = new EventSet();
    for (int i = 0; i < 100_000; i++) {
      set.put(new EventCopy("e" + i, ""), i % 2 == 0 ? ONE : TWO);
    }
    for (int i = 0; i < 100_000; i++) {
      assertEquals(i % 2 == 0 ? ONE : TWO, set.get(new EventCopy("e" + i, "")));
    }
    assertEquals(100_000, set.size());
    assertEquals(EventSet.ABSENT, set.get(new EventCopy("e100000", "")));
  }

  @Test
  void theCopiesOfAnEventAreDifferent() {
    EventSet set = new EventSet();
    set.put(new EventCopy("e", "1"), ONE);
    set.put(new EventCopy("e", "1"), TWO);

    assertEquals(TWO, set.get(new EventCopy("e", "1")));
    assertEquals(EventSet.ABSENT, set.get(new EventCopy("e", "")));
    assertEquals(1, set.size());
  }

  @Test
  void theMemoryForRowsIsShared() {
    LookupMemory memory = new LookupMemory(150);

    assertTrue(memory.take(100));
    assertFalse(memory.take(100));
    memory.giveBack(100);
    assertTrue(memory.take(100));
  }
}
