package io.sluice.relay.publish;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.RowOrigin;

/**
 * Where a row was read, as a record's header has it.
 *
 * @param header its name
 * @param value transaction and ordinal, or why it was read from its table
 */
public record RowPlace(String header, String value) {

  /** In the binary log. */
  public static RowPlace inBinlog(RowOrigin origin, long ordinal) {
    return new RowPlace(RecordHeaders.POSITION, origin.transaction() + ":" + ordinal);
  }

  /** In its table, for this reason. */
  public static RowPlace inTable(String reason) {
    return new RowPlace(RecordHeaders.REPLAY, reason);
  }

  boolean isInTable() {
    return header.equals(RecordHeaders.REPLAY);
  }
}
