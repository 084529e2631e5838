package io.sluice.outbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. It is published if and only if the transaction that writes it commits.
 * Immutable, provided that a payload object is not changed before the event is appended.
 *
 * <pre>{@code
 * OutboxEvent event =
 *     OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
 *         .aggregate("order", order.id())
 *         .payload(order)
 *         .build();
 * }</pre>
 *
 * @param id unique; time-ordered (UUID version 7) unless the caller sets it
 * @param domain determines the topic
 * @param eventType the kind of event, such as {@code order_created}; at most 255 characters
 * @param aggregateType type of the aggregate that the event happened to; at most 255 characters
 * @param aggregateId id of that aggregate; the key of the Kafka record, so events of an aggregate
 *     stay in order; at most 255 characters
 * @param payload the content
 * @param headers metadata
 * @param maxRetries number of failed attempts that make the event FAILED; 0 and 1 both allow one
 *     attempt
 * @param createdAt time of creation in microseconds, after the start of 1970 and before the year
 *     10000; becomes the record's header {@code outbox-created-at}
 */
public record OutboxEvent(
    UUID id,
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    EventPayload payload,
    EventHeaders headers,
    int maxRetries,
    Instant createdAt) {

  /** Default of {@link #maxRetries}. */
  public static final int DEFAULT_MAX_RETRIES = 3;

  private static final int MAX_NAME_LENGTH = 255;

  private static final Instant FIRST_OF_10000 = Instant.parse("+10000-01-01T00:00:00Z");

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a name is blank, too long or contains an unpaired
   *     surrogate, {@code maxRetries} is negative, or {@code createdAt} is out of range
   */
  public OutboxEvent {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(domain, "domain");
    checkName("eventType", eventType);
    checkName("aggregateType", aggregateType);
    checkName("aggregateId", aggregateId);
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(headers, "headers");
    if (maxRetries < 0) {
      throw new IllegalArgumentException(
          "maxRetries of event %s is %d: it must be 0 or more".formatted(id, maxRetries));
    }
    createdAt = createdAt.truncatedTo(ChronoUnit.MICROS);
    // The column ends with the year 9999, and the relay cannot tell the start of 1970 from no date.
    if (!createdAt.isAfter(Instant.EPOCH) || !createdAt.isBefore(FIRST_OF_10000)) {
      throw new IllegalArgumentException(
          "createdAt of event %s is %s: it must be after %s and before the year 10000"
              .formatted(id, createdAt, Instant.EPOCH));
    }
  }

  private static void checkName(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("%s of the event is blank: set it".formatted(field));
    }
    if (UnicodeText.indexOfHalfCharacter(value).isPresent()) {
      throw new IllegalArgumentException(
          "%s of the event contains half a surrogate pair: it was cut inside a character"
              .formatted(field));
    }
    int length = value.codePointCount(0, value.length());
    if (length > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "%s of the event has %d characters, its column holds %d: shorten it"
              .formatted(field, length, MAX_NAME_LENGTH));
    }
  }

  /** A builder with all values of this event, including its id. */
  public Builder toBuilder() {
    Builder copy = new Builder(domain, eventType);
    copy.id = id;
    copy.aggregateType = aggregateType;
    copy.aggregateId = aggregateId;
    copy.payload = payload;
    copy.headers = headers;
    copy.maxRetries = maxRetries;
    copy.createdAt = createdAt;
    return copy;
  }

  /**
   * Starts an event of this domain and type; aggregate and payload must follow.
   *
   * @throws IllegalArgumentException if the domain is null, or the type is null or blank; so do the
   *     methods of the builder
   */
  public static Builder builder(EventDomain domain, String eventType) {
    return new Builder(domain, eventType);
  }

  /** Builds one event. Not thread-safe. */
  public static final class Builder {

    private final EventDomain domain;
    private final String eventType;
    private @Nullable UUID id;
    private @Nullable String aggregateType;
    private @Nullable String aggregateId;
    private @Nullable EventPayload payload;
    private EventHeaders headers = EventHeaders.NONE;
    private int maxRetries = DEFAULT_MAX_RETRIES;
    private @Nullable Instant createdAt;

    private Builder(EventDomain domain, String eventType) {
      String call = "builder(domain, eventType)";
      this.domain = Arguments.required(call, "domain", domain);
      this.eventType = Arguments.requiredText(call, "eventType", eventType);
    }

    /**
     * Sets the aggregate that the event happened to.
     *
     * @param id not null: the id of a new row is often known only after its insert or flush
     */
    public Builder aggregate(String type, String id) {
      aggregateType = Arguments.requiredText("aggregate(type, id)", "type", type);
      aggregateId = Arguments.requiredText("aggregate(type, id)", "id", id);
      return this;
    }

    /**
     * Sets any object, which the writer serialises, by default to JSON. A {@code String} is handled
     * like {@link #payload(String)}, a {@code byte[]} like {@link #payload(byte[])}, and an {@link
     * EventPayload} is used as it is.
     */
    public Builder payload(Object value) {
      if (value instanceof String text) {
        return payload(text);
      }
      if (value instanceof byte[] bytes) {
        return payload(bytes);
      }
      Arguments.required("payload(value)", "value", value);
      payload = value instanceof EventPayload made ? made : new EventPayload.Value(value);
      return this;
    }

    /**
     * Sets any text, such as XML, which is stored unchanged. It is neither validated nor converted
     * to JSON: {@code payload("hi")} stores {@code hi} and not {@code "hi"}. Only a column {@code
     * event_data} of MySQL's type {@code JSON} refuses text that is not JSON; otherwise consumers
     * and handlers that parse JSON fail. Use {@link #json} for JSON text, {@link #payload(Object)}
     * for objects.
     */
    public Builder payload(String text) {
      payload = new EventPayload.Text(Arguments.required("payload(text)", "text", text));
      return this;
    }

    /**
     * Sets any bytes, for a table whose {@code event_data} is a BLOB. They are stored unchanged.
     */
    public Builder payload(byte[] bytes) {
      payload = new EventPayload.Bytes(Arguments.required("payload(bytes)", "bytes", bytes));
      return this;
    }

    /**
     * Sets JSON text, which is stored unchanged. When the event is appended, the writer validates
     * the text and throws a {@code PayloadException} unless it is exactly one JSON value.
     */
    public Builder json(String text) {
      payload = new EventPayload.Json(Arguments.required("json(text)", "text", text));
      return this;
    }

    /**
     * Adds a header, or replaces its value.
     *
     * @throws IllegalArgumentException if the name is blank or reserved
     */
    public Builder header(String name, String value) {
      headers = headers.with(name, value);
      return this;
    }

    /** Replaces all headers. */
    public Builder headers(EventHeaders all) {
      headers = Arguments.required("headers(all)", "all", all);
      return this;
    }

    /** Sets the maximum of failed attempts. Default {@value OutboxEvent#DEFAULT_MAX_RETRIES}. */
    public Builder maxRetries(int retries) {
      maxRetries = retries;
      return this;
    }

    /** Sets the id. Default: a new time-ordered id. */
    public Builder id(UUID own) {
      id = Arguments.required("id(own)", "own", own);
      return this;
    }

    /** Sets the time of creation. Default: the time of {@link #build}. */
    public Builder createdAt(Instant time) {
      createdAt = Arguments.required("createdAt(time)", "time", time);
      return this;
    }

    /**
     * Builds the event.
     *
     * @throws IllegalArgumentException if aggregate or payload is missing or a value is invalid
     */
    public OutboxEvent build() {
      if (aggregateType == null || aggregateId == null) {
        throw missing("aggregate", "aggregate(type, id)");
      }
      if (payload == null) {
        throw missing("payload", "payload(…) or json(…)");
      }
      return new OutboxEvent(
          id == null ? UuidV7.create() : id,
          domain,
          eventType,
          aggregateType,
          aggregateId,
          payload,
          headers,
          maxRetries,
          createdAt == null ? Instant.now() : createdAt);
    }

    private IllegalArgumentException missing(String what, String call) {
      return new IllegalArgumentException(
          "event '%s' of %s has no %s: call %s before build()"
              .formatted(eventType, domain, what, call));
    }
  }
}
