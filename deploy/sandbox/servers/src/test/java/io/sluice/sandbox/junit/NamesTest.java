package io.sluice.sandbox.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NamesTest {
  private static final String LONGEST = "p".repeat(32);

  @Test
  void areMadeFromTheClass() {
    Names names = new Names("outbox_writer_it", "abc123");
    assertEquals("outbox_writer_it_abc123_orders", names.database("orders"));
    assertEquals("outbox-writer-it-abc123-", names.topicPrefix());
    assertEquals("abc123_2_relay", names.user(2, "relay"));
    assertEquals("outbox_writer_it", Names.of("OutboxWriterIT").label());
  }

  @Test
  void fitWhatMySqlAllows() {
    Names names = Names.of("AVeryLongNameOfATestClassThatSomebodyMayWellThinkOfOneDay");
    assertEquals(64, names.database(LONGEST).length());
    assertTrue(names.user(999, "p".repeat(20)).length() <= 32);
  }

  @Test
  void areNeverTheSame() {
    assertNotEquals(Names.of("SameIT"), Names.of("SameIT"));
    assertTrue(Names.of("SameIT").tag().matches("[a-z0-9]{6}"));
  }

  @Test
  void refuseAPurposeThatWouldNeedQuoting() {
    Names names = Names.of("SameIT");
    assertThrows(IllegalArgumentException.class, () -> names.database("a`b"));
    assertThrows(IllegalArgumentException.class, () -> names.database(""));
    assertThrows(IllegalArgumentException.class, () -> names.database(LONGEST + "p"));
    assertThrows(IllegalArgumentException.class, () -> names.user(1, "O'Hara"));
  }
}
