package io.sluice.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The outbox table: its names and its definition. See {@code docs/table.md}. */
public final class OutboxTable {

  /** The table's name in every shard. */
  public static final String NAME = "outbox_events";

  /** Primary key; a UUID of version 7 where the writer made it. */
  public static final String ID = "id";

  /** The name of the {@link EventDomain}. */
  public static final String DOMAIN = "domain";

  /** What happened. */
  public static final String EVENT_TYPE = "event_type";

  /** The kind of thing it happened to. */
  public static final String AGGREGATE_TYPE = "aggregate_type";

  /** The thing it happened to; the Kafka key. */
  public static final String AGGREGATE_ID = "aggregate_id";

  /** The payload, delivered byte for byte. */
  public static final String EVENT_DATA = "event_data";

  /** A JSON object of strings, or NULL; see {@link EventHeaders}. */
  public static final String HEADERS = "headers";

  /** The name of the {@link OutboxStatus}. */
  public static final String STATUS = "status";

  /** How often handling has failed. */
  public static final String RETRY_COUNT = "retry_count";

  /** With how many failures the event is FAILED. */
  public static final String MAX_RETRIES = "max_retries";

  /** Class and message of the last failure, {@link ParkedBehind}, or NULL. */
  public static final String LAST_ERROR = "last_error";

  /** When the event was made, in UTC. */
  public static final String CREATED_AT = "created_at";

  /** When a delivery column was last written, in UTC. */
  public static final String UPDATED_AT = "updated_at";

  /** When the event became PUBLISHED, in UTC; NULL before. */
  public static final String PUBLISHED_AT = "published_at";

  /** The index that finds rows by status: {@code (status, published_at)}. */
  public static final String STATUS_INDEX = "outbox_events_status";

  /** Characters the {@link #LAST_ERROR} column holds. */
  public static final int LAST_ERROR_LENGTH = 1000;

  private static final String DDL = "outbox_events.sql";

  private OutboxTable() {}

  /**
   * The statement that creates the table where it does not exist yet, for MySQL 8.0 and later. The
   * same text is the resource {@code io/sluice/outbox/outbox_events.sql}, for migration tools.
   */
  public static String ddl() {
    try (InputStream file = OutboxTable.class.getResourceAsStream(DDL)) {
      return new String(Objects.requireNonNull(file, DDL).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DDL + " from the jar", e);
    }
  }

  /** Text for the {@link #LAST_ERROR} column, cut to what that holds. */
  public static String lastError(String text) {
    return text.codePointCount(0, text.length()) <= LAST_ERROR_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LAST_ERROR_LENGTH));
  }
}
