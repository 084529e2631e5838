package io.sluice.relay.record;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.RowOrigin;

/**
 * The header that says where a row was read.
 *
 * @param header name of the header
 * @param value transaction and ordinal, or the reason why the row was read from its table
 */
public record RowPlace(String header, String value) {

  /** Creates the header for a row from the binlog. */
  public static RowPlace inBinlog(RowOrigin origin, long ordinal) {
    return new RowPlace(RecordHeaders.POSITION, origin.transaction() + ":" + ordinal);
  }

  /** Creates the header for a row from its table. */
  public static RowPlace inTable(String reason) {
    return new RowPlace(RecordHeaders.REPLAY, reason);
  }
}
