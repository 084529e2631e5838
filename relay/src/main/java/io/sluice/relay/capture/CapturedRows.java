package io.sluice.relay.capture;

import io.sluice.relay.shard.RowOrigin;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * The rows of one event of the binlog. They are decoded by the thread that publishes them, so that
 * the thread that reads the binlog can go on.
 *
 * @param decoder decodes them by the definition of their table at that time
 * @param origin shard and transaction of the rows
 * @param isPrepared whether they belong to an XA transaction, which is written to the binlog when
 *     it is prepared, not when it is committed
 * @param committedAt when the transaction was committed
 * @param rows the values of the columns as the binlog client reads them
 */
public record CapturedRows(
    RowDecoder decoder,
    RowOrigin origin,
    boolean isPrepared,
    Instant committedAt,
    List<Serializable[]> rows)
    implements Captured {

  /** Decodes one of the rows. */
  public Decoded decode(Serializable[] row) {
    return decoder.decode(this, row);
  }
}
