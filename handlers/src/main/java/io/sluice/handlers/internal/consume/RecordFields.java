package io.sluice.handlers.internal.consume;

import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of a record, read in one pass. */
final class RecordFields {

  /** A header that the relay sets. */
  enum Field {
    ID(RecordHeaders.ID, true),
    SHARD(RecordHeaders.SHARD, true),
    DOMAIN(RecordHeaders.DOMAIN, true),
    EVENT_TYPE(RecordHeaders.EVENT_TYPE, true),
    AGGREGATE_TYPE(RecordHeaders.AGGREGATE_TYPE, true),
    AGGREGATE_ID(RecordHeaders.AGGREGATE_ID, true),
    CREATED_AT(RecordHeaders.CREATED_AT, false),
    MAX_RETRIES(RecordHeaders.MAX_RETRIES, false);

    private static final Map<String, Field> BY_HEADER =
        Arrays.stream(values())
            .collect(Collectors.toMap(field -> field.header, Function.identity()));

    private final String header;
    private final boolean isRequired;

    Field(String header, boolean isRequired) {
      this.header = header;
      this.isRequired = isRequired;
    }
  }

  private static final int MOST_DIGITS = 9;

  private final Map<Field, String> values = new EnumMap<>(Field.class);
  private @Nullable Map<String, String> own;

  private RecordFields() {}

  static RecordFields of(Headers headers) {
    RecordFields fields = new RecordFields();
    for (Header header : headers) {
      if (header.value() != null) {
        fields.add(header.key(), header.value());
      }
    }
    return fields;
  }

  private void add(String name, byte[] value) {
    Field field = Field.BY_HEADER.get(name);
    if (field != null) {
      values.put(field, new String(value, StandardCharsets.UTF_8));
    } else if (isOwn(name)) {
      own = own == null ? new LinkedHashMap<>() : own;
      own.put(name, new String(value, StandardCharsets.UTF_8));
    }
  }

  /**
   * Whether the event was written with the header. Not the redrive's, because a handler may copy
   * the headers to a new event, which was not redriven.
   */
  private static boolean isOwn(String name) {
    return !RecordHeaders.isReserved(name)
        && !name.equals(RecordHeaders.REDRIVE)
        && !name.isBlank();
  }

  /** The first required header that the record lacks. */
  Optional<String> missing() {
    for (Field field : Field.values()) {
      if (field.isRequired && !values.containsKey(field)) {
        return Optional.of(field.header);
      }
    }
    return Optional.empty();
  }

  /** The value of a required header. */
  String get(Field field) {
    return Objects.requireNonNull(values.get(field), field.header);
  }

  EventHeaders own() {
    return own == null ? EventHeaders.NONE : new EventHeaders(own);
  }

  /**
   * The time of creation.
   *
   * @param timestamp the record's, which can be later, for a record without a readable time
   */
  Instant createdAt(long timestamp) {
    return Optional.ofNullable(values.get(Field.CREATED_AT))
        .flatMap(UtcTime::parse)
        .orElseGet(() -> Instant.ofEpochMilli(timestamp));
  }

  int maxRetries() {
    String text = values.get(Field.MAX_RETRIES);
    return text != null && isNumber(text)
        ? Integer.parseInt(text)
        : OutboxEvent.DEFAULT_MAX_RETRIES;
  }

  private static boolean isNumber(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= MOST_DIGITS;
  }
}
