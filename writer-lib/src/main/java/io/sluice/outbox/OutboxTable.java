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

  public static final String ID = "id";
  public static final String DOMAIN = "domain";
  public static final String EVENT_TYPE = "event_type";
  public static final String AGGREGATE_TYPE = "aggregate_type";
  public static final String AGGREGATE_ID = "aggregate_id";
  public static final String EVENT_DATA = "event_data";
  public static final String HEADERS = "headers";
  public static final String STATUS = "status";
  public static final String RETRY_COUNT = "retry_count";
  public static final String MAX_RETRIES = "max_retries";
  public static final String LAST_ERROR = "last_error";
  public static final String CREATED_AT = "created_at";
  public static final String UPDATED_AT = "updated_at";
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
