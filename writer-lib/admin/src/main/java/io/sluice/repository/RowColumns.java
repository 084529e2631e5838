package io.sluice.repository;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The columns of a row as text. Other producers may have stored any value, and an invalid row must
 * not prevent others from being read.
 *
 * @param texts values by column name, without columns that are NULL
 * @param payload the payload; empty if NULL
 */
record RowColumns(Map<String, String> texts, EventPayload.Bytes payload) {

  private static final List<String> NAMES =
      List.of(
          OutboxTable.ID,
          OutboxTable.DOMAIN,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.HEADERS,
          OutboxTable.STATUS,
          OutboxTable.RETRY_COUNT,
          OutboxTable.MAX_RETRIES,
          OutboxTable.LAST_ERROR,
          OutboxTable.CREATED_AT,
          OutboxTable.UPDATED_AT,
          OutboxTable.PUBLISHED_AT);

  static RowColumns read(ResultSet row) throws SQLException {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : NAMES) {
      String text = row.getString(name);
      if (text != null) {
        texts.put(name, text);
      }
    }
    byte[] payload = row.getBytes(OutboxTable.EVENT_DATA);
    if (payload == null) {
      return new RowColumns(texts, new EventPayload.Bytes(new byte[0]));
    }
    texts.put(OutboxTable.EVENT_DATA, new String(payload, StandardCharsets.UTF_8));
    return new RowColumns(texts, new EventPayload.Bytes(payload));
  }

  StoredRow toRow(EventKey key) {
    try {
      return event(key);
    } catch (IllegalArgumentException e) {
      return new InvalidRow(key, texts, String.valueOf(e.getMessage()));
    }
  }

  private StoredEvent event(EventKey key) {
    required(OutboxTable.EVENT_DATA);
    return new StoredEvent(
        key,
        EventDomain.of(required(OutboxTable.DOMAIN)),
        required(OutboxTable.EVENT_TYPE),
        required(OutboxTable.AGGREGATE_TYPE),
        required(OutboxTable.AGGREGATE_ID),
        payload,
        text(OutboxTable.HEADERS).map(EventHeaders::fromJson).orElse(EventHeaders.NONE),
        delivery(),
        time(OutboxTable.CREATED_AT, required(OutboxTable.CREATED_AT)));
  }

  private DeliveryState delivery() {
    return new DeliveryState(
        status(required(OutboxTable.STATUS)),
        number(OutboxTable.RETRY_COUNT),
        number(OutboxTable.MAX_RETRIES),
        text(OutboxTable.LAST_ERROR),
        time(OutboxTable.UPDATED_AT, required(OutboxTable.UPDATED_AT)),
        text(OutboxTable.PUBLISHED_AT).map(text -> time(OutboxTable.PUBLISHED_AT, text)));
  }

  private Optional<String> text(String name) {
    return Optional.ofNullable(texts.get(name));
  }

  private String required(String name) {
    return text(name)
        .orElseThrow(() -> new IllegalArgumentException("column '%s' is NULL".formatted(name)));
  }

  private static OutboxStatus status(String text) {
    return Arrays.stream(OutboxStatus.values())
        .filter(status -> status.name().equals(text))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "status '%s' is not one of %s"
                        .formatted(text, Arrays.toString(OutboxStatus.values()))));
  }

  private int number(String name) {
    String text = required(name);
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("%s '%s' is not a number".formatted(name, text), e);
    }
  }

  // MySQL can store dates that do not exist, such as 0000-00-00.
  private static Instant time(String name, String utc) {
    try {
      return LocalDateTime.parse(utc.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("%s '%s' is not a valid time".formatted(name, utc), e);
    }
  }
}
