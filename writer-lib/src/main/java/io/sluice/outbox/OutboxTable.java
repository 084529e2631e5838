package io.sluice.outbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Names and definition of the outbox table. See {@code docs/table.md}. */
public final class OutboxTable {

  /** The table's name in every shard. */
  public static final String NAME = "outbox_events";

  /** Primary key; a UUID of version 7 unless the caller sets the id. */
  public static final String ID = "id";

  /** The name of the {@link EventDomain}. */
  public static final String DOMAIN = "domain";

  /** The type of the event, such as {@code order_created}. */
  public static final String EVENT_TYPE = "event_type";

  /** Type of the aggregate. */
  public static final String AGGREGATE_TYPE = "aggregate_type";

  /** Id of the aggregate; the key of the Kafka record. */
  public static final String AGGREGATE_ID = "aggregate_id";

  /** The payload, delivered byte for byte. */
  public static final String EVENT_DATA = "event_data";

  /** A JSON object of strings, or NULL; see {@link EventHeaders}. */
  public static final String HEADERS = "headers";

  /** The name of the {@link OutboxStatus}. */
  public static final String STATUS = "status";

  /** Number of failed attempts. */
  public static final String RETRY_COUNT = "retry_count";

  /** Number of failed attempts that make the event FAILED. */
  public static final String MAX_RETRIES = "max_retries";

  /** Class and message of the last failure, or {@link ParkedBehind}, or NULL. */
  public static final String LAST_ERROR = "last_error";

  /** When the event was created, in UTC. */
  public static final String CREATED_AT = "created_at";

  /** When a delivery column was last changed, in UTC. */
  public static final String UPDATED_AT = "updated_at";

  /** When the event became PUBLISHED, in UTC; NULL before. */
  public static final String PUBLISHED_AT = "published_at";

  /** The index {@code (status, published_at)}. */
  public static final String STATUS_INDEX = "outbox_events_status";

  /** Maximum characters of the {@link #LAST_ERROR} column. */
  public static final int LAST_ERROR_LENGTH = 1000;

  private static final String DDL = "outbox_events.sql";

  private OutboxTable() {}

  /**
   * The {@code CREATE TABLE IF NOT EXISTS} statement for MySQL 8.0 and later. For migration tools
   * the resource {@code io/sluice/outbox/outbox_events.sql} is a script of this statement.
   */
  public static String ddl() {
    try (InputStream file = OutboxTable.class.getResourceAsStream(DDL)) {
      String script =
          new String(Objects.requireNonNull(file, DDL).readAllBytes(), StandardCharsets.UTF_8);
      // Script runners split at semicolons; drivers take a statement without one.
      return script.substring(0, script.lastIndexOf(';'));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DDL + " from the jar", e);
    }
  }

  /** Cuts a text to the length of the {@link #LAST_ERROR} column. */
  public static String lastError(String text) {
    return text.codePointCount(0, text.length()) <= LAST_ERROR_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LAST_ERROR_LENGTH));
  }
}
