package io.sluice.outbox;

import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Generates UUIDs of version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, a 12-bit
 * counter, 62 random bits. Ids of one process ascend even within a millisecond and if the clock is
 * set back. If the counter overflows, the milliseconds run ahead of the clock. Thread-safe.
 */
final class UuidV7 {

  private static final int COUNTER_BITS = 12;
  private static final long COUNTER_MASK = (1L << COUNTER_BITS) - 1;
  private static final long VERSION_7 = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long RANDOM_MASK = 0x3FFF_FFFF_FFFF_FFFFL;

  private static final UuidV7 PROCESS = new UuidV7(System::currentTimeMillis);

  private final SecureRandom random = new SecureRandom();
  private final AtomicLong last = new AtomicLong();
  private final LongSupplier milliseconds;

  UuidV7(LongSupplier milliseconds) {
    this.milliseconds = milliseconds;
  }

  static UUID create() {
    return PROCESS.next();
  }

  UUID next() {
    long now = milliseconds.getAsLong() << COUNTER_BITS;
    long ticks = last.updateAndGet(previous -> Math.max(previous + 1, now));
    long high = (ticks >>> COUNTER_BITS << (Long.SIZE - 48)) | VERSION_7 | (ticks & COUNTER_MASK);
    return new UUID(high, VARIANT | (random.nextLong() & RANDOM_MASK));
  }
}
