package io.sluice.handlers.internal.consume;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Reads events from a domain's records. Immutable. */
final class RecordReader {

  // Matches the id column: 36 ASCII characters. Ids are logged, so a line break in one could forge
  // log lines.
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7E]{1,36}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

  private static final List<String> REQUIRED =
      List.of(
          RecordHeaders.ID,
          RecordHeaders.SHARD,
          RecordHeaders.DOMAIN,
          RecordHeaders.EVENT_TYPE,
          RecordHeaders.AGGREGATE_TYPE,
          RecordHeaders.AGGREGATE_ID);

  private final EventDomain domain;

  /** The result of reading a record. */
  sealed interface Result {

    /** An event. Its attempt and retry limit are taken from its row later. */
    record Event(HandledEvent event) implements Result {
      public Event {
        Objects.requireNonNull(event, "event");
      }
    }

    /** A record that was not written by a relay, and the reason. */
    record Foreign(String reason) implements Result {
      public Foreign {
        Objects.requireNonNull(reason, "reason");
      }
    }
  }

  RecordReader(EventDomain domain) {
    this.domain = domain;
  }

  Result read(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = headers(record);
    for (String name : REQUIRED) {
      if (!headers.containsKey(name)) {
        return new Result.Foreign("it has no header '%s'".formatted(name));
      }
    }
    if (record.value() == null) {
      return new Result.Foreign("it has no value");
    }
    if (!value(headers, RecordHeaders.DOMAIN).equals(domain.name())) {
      return new Result.Foreign("its header 'outbox-domain' is not %s".formatted(domain));
    }
    if (!ID.matcher(value(headers, RecordHeaders.ID)).matches()) {
      return new Result.Foreign("its header 'id' is not 1 to 36 characters of ASCII");
    }
    return event(record, headers);
  }

  private Result event(ConsumerRecord<byte[], byte[]> record, Map<String, String> headers) {
    ShardId shard;
    try {
      shard = ShardId.of(value(headers, RecordHeaders.SHARD));
    } catch (IllegalArgumentException e) {
      return new Result.Foreign("its header 'outbox-shard' is not the name of a shard");
    }
    return new Result.Event(
        HandledEvent.builder(domain, value(headers, RecordHeaders.EVENT_TYPE))
            .id(value(headers, RecordHeaders.ID))
            .shard(shard)
            .aggregate(
                value(headers, RecordHeaders.AGGREGATE_TYPE),
                value(headers, RecordHeaders.AGGREGATE_ID))
            .payload(record.value())
            .headers(own(headers))
            .createdAt(createdAt(record, headers))
            .maxRetries(maxRetries(headers))
            .build());
  }

  /** The timestamp of a record can be later. */
  private static Instant createdAt(
      ConsumerRecord<byte[], byte[]> record, Map<String, String> headers) {
    String text = headers.get(RecordHeaders.CREATED_AT);
    try {
      return text == null ? Instant.ofEpochMilli(record.timestamp()) : Instant.parse(text);
    } catch (DateTimeParseException e) {
      return Instant.ofEpochMilli(record.timestamp());
    }
  }

  private static int maxRetries(Map<String, String> headers) {
    String text = headers.getOrDefault(RecordHeaders.MAX_RETRIES, "");
    return NUMBER.matcher(text).matches()
        ? Integer.parseInt(text)
        : OutboxEvent.DEFAULT_MAX_RETRIES;
  }

  private static String value(Map<String, String> headers, String required) {
    return Objects.requireNonNull(headers.get(required), required);
  }

  private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      if (header.value() != null) {
        headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
      }
    }
    return headers;
  }

  private static EventHeaders own(Map<String, String> headers) {
    Map<String, String> own = new LinkedHashMap<>(headers);
    own.keySet().removeIf(name -> name.isBlank() || RecordHeaders.isReserved(name));
    // Removed, because a handler may copy the headers to a new event, which was not redriven.
    own.remove(RecordHeaders.REDRIVE);
    return new EventHeaders(own);
  }
}
