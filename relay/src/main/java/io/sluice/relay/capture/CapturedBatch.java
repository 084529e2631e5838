package io.sluice.relay.capture;

import java.util.List;
import java.util.Map;

/**
 * What was captured from one part of the binlog, and the offset after it. A batch without rows says
 * how far the binlog was read. Batches end between transactions, unless a transaction is too large.
 *
 * @param captured in the order of the binlog
 * @param offset the engine's offset after the part
 * @param isOpen whether the last transaction with rows is not in the offset's GTID set, because
 *     more of it follows, or because it is an XA transaction
 * @param isIdle whether the server had nothing else to send
 */
public record CapturedBatch(
    List<Captured> captured, Map<String, ?> offset, boolean isOpen, boolean isIdle) {

  /** Handles the batches of one run of the engine, in their order. */
  @FunctionalInterface
  public interface Handler {

    /** Handles a batch. A failure ends the run. Called by one thread at a time. */
    void handle(CapturedBatch batch) throws InterruptedException;
  }
}
