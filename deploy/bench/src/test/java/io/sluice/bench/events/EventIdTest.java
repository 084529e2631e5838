package io.sluice.bench.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class EventIdTest {

  @Test
  void idHoldsTheNumber() {
    assertEquals(9_999_999, EventId.number(EventId.of(9_999_999)));
  }

  @Test
  void probeIsNoCountedEvent() {
    assertThrows(IllegalStateException.class, () -> EventId.number(EventId.ofProbe(1)));
  }
}
