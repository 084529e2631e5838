package io.sluice.relay.shard;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * An outbox row as it was inserted.
 *
 * @param origin shard and transaction of the row
 * @param payload {@code event_data}, in UTF-8 if the column is text; shared, so callers must not
 *     modify it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; up to 1 MB, so not copied
public record OutboxRow(
    RowOrigin origin,
    String id,
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    byte[] payload,
    EventHeaders headers,
    int maxRetries,
    Instant createdAt) {

  /** The maximum of retries in a table without that column. */
  public static final int DEFAULT_MAX_RETRIES = 3;

  /** Why a row without a time is invalid. */
  public static final String NO_DATE = "column 'created_at' is NULL or not a date";

  /**
   * The moment of a column's value in UTC. The start of 1970 is no moment, because the engine shows
   * some impossible dates like this.
   */
  public static Optional<Instant> time(LocalDateTime value) {
    return Optional.of(value.toInstant(ZoneOffset.UTC)).filter(time -> !time.equals(Instant.EPOCH));
  }

  /** Whether a row that is inserted with this status is not an event to be published. */
  public static boolean isFinished(String status) {
    return status.equals("PUBLISHED") || status.equals("FAILED");
  }

  /** Leaves out payload and headers, which do not belong in logs. */
  @Override
  public String toString() {
    return "event %s (%s of %s)".formatted(id, eventType, domain);
  }
}
