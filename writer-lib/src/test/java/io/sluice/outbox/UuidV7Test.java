package io.sluice.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class UuidV7Test {

  private static final long TIME = 0x0190_1234_5678L;

  @Test
  void isAVersion7Uuid() {
    UUID id = new UuidV7(() -> TIME).next();

    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(TIME, id.getMostSignificantBits() >>> 16);
    assertEquals("01901234-5678-7", id.toString().substring(0, 15));
  }

  @Test
  void ascendsWithinAMillisecondAndBeyondItsCounter() {
    UuidV7 ids = new UuidV7(() -> TIME);
    String previous = ids.next().toString();
    for (int i = 0; i < 10_000; i++) {
      String next = ids.next().toString();
      assertTrue(previous.compareTo(next) < 0, previous + " before " + next);
      previous = next;
    }
  }

  @Test
  void ascendsWhenTheClockIsSetBack() {
    AtomicLong clock = new AtomicLong(TIME);
    UuidV7 ids = new UuidV7(clock::get);
    String before = ids.next().toString();

    clock.addAndGet(-60_000);

    assertTrue(before.compareTo(ids.next().toString()) < 0);
  }
}
