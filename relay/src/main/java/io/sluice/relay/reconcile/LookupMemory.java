package io.sluice.relay.reconcile;

import java.util.concurrent.Semaphore;

/**
 * Limits the number of rows that all shards of a relay look up at the same time, because the events
 * are in memory meanwhile. Thread-safe.
 */
final class LookupMemory {

  private static final int HEAP_PART = 8;

  /** See {@link EventSet}. */
  private static final int BYTES_PER_ROW = 51;

  private final Semaphore free;

  /** Memory for this number of rows. */
  LookupMemory(int rows) {
    this.free = new Semaphore(rows);
  }

  /** An eighth of the heap. */
  static LookupMemory ofHeap() {
    long rows = Runtime.getRuntime().maxMemory() / HEAP_PART / BYTES_PER_ROW;
    return new LookupMemory((int) Math.min(Integer.MAX_VALUE, rows));
  }

  /** Takes the memory for more rows, if it is free. */
  boolean take(int rows) {
    return free.tryAcquire(rows);
  }

  void giveBack(int rows) {
    free.release(rows);
  }
}
