package io.sluice.relay.forward;

import io.sluice.relay.publish.RelayPosition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Where in the binlog the forwarder is: transaction, ordinal of the row inside it, and the engine's
 * offset. Knows which rows the starting position already covers.
 *
 * <p>An engine that starts again reads the transaction it was in from its beginning; as many rows
 * of it as were published are then dropped. Used by one thread.
 */
final class TransactionCursor {

  /** An idle shard's position is stored this often, so that it does not fall behind purging. */
  private static final Duration IDLE_STORE_INTERVAL = Duration.ofSeconds(10);

  private final RelayPosition start;
  private RelayPosition position;
  private RelayPosition storedPosition;
  private long storedAt;
  private String gtid = "";
  private long ordinal;

  TransactionCursor(RelayPosition start) {
    this.start = start;
    this.position = start;
    this.storedPosition = start;
    this.storedAt = System.nanoTime();
  }

  /** Steps onto the next row, and tells whether it still has to be published. */
  boolean isNew(String rowGtid) {
    ordinal = rowGtid.equals(gtid) ? ordinal + 1 : 1;
    gtid = rowGtid;
    return !(gtid.equals(start.gtid()) && ordinal <= start.rows());
  }

  /** Of the row stepped onto last, among its transaction's rows, from 1. */
  long ordinal() {
    return ordinal;
  }

  void moveTo(Map<String, ?> offset) {
    position = at(offset);
  }

  /**
   * While the rows read so far are all covered by the starting position, its count stands: it would
   * otherwise shrink, and a restart would publish the difference again.
   */
  private RelayPosition at(Map<String, ?> offset) {
    Map<String, Object> plain = new HashMap<>(offset);
    boolean covered = gtid.isEmpty() || (gtid.equals(start.gtid()) && ordinal <= start.rows());
    return covered
        ? new RelayPosition(plain, start.gtid(), start.rows())
        : new RelayPosition(plain, gtid, ordinal);
  }

  RelayPosition position() {
    return position;
  }

  /** Whether a batch without events is reason enough to store the position. */
  boolean isWorthStoring() {
    return !position.equals(storedPosition)
        && System.nanoTime() - storedAt >= IDLE_STORE_INTERVAL.toNanos();
  }

  void stored() {
    storedPosition = position;
    storedAt = System.nanoTime();
  }
}
