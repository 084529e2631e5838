package io.sluice.outbox;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, to be told to others if and only if the transaction that writes it
 * commits. Immutable, as long as the object given as payload is left alone until it is appended.
 *
 * <pre>{@code
 * OutboxEvent event =
 *     OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
 *         .aggregate("order", order.id())
 *         .payload(order)
 *         .build();
 * }</pre>
 *
 * @param id unique; time-ordered (UUID version 7) unless the caller chose one
 * @param domain decides the topic
 * @param eventType what happened, such as {@code order_created}; at most 255 characters
 * @param aggregateType the kind of thing it happened to; at most 255 characters
 * @param aggregateId the thing it happened to: the Kafka key, within which order is kept; at most
 *     255 characters
 * @param payload what to tell
 * @param headers what to tell about the telling
 * @param maxRetries how many failures of its handler make the event FAILED; 0 and 1 both allow one
 *     attempt
 * @param createdAt when, in microseconds; becomes the Kafka record's timestamp in milliseconds
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

  /** How many failures are allowed unless the event says otherwise. */
  public static final int DEFAULT_MAX_RETRIES = 3;

  private static final int MAX_NAME_LENGTH = 255;

  /**
   * @throws IllegalArgumentException if a name is blank, too long or cut inside a character, or
   *     {@code maxRetries} is negative
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
  }

  private static void checkName(String field, String value) {
    if (value.isBlank()) {
      throw new IllegalArgumentException("%s of the event is blank: set it".formatted(field));
    }
    if (UnicodeText.indexOfHalfCharacter(value).isPresent()) {
      throw new IllegalArgumentException(
          "%s of the event holds half a surrogate pair: it was cut inside a character"
              .formatted(field));
    }
    int length = value.codePointCount(0, value.length());
    if (length > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "%s of the event has %d characters, its column holds %d: shorten it"
              .formatted(field, length, MAX_NAME_LENGTH));
    }
  }

  /** A builder that holds all of this event, its id too. */
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

  /** Begins an event of this domain and type; aggregate and payload must follow. */
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
      this.domain = domain;
      this.eventType = eventType;
    }

    /** What the event happened to. */
    public Builder aggregate(String type, String aggregate) {
      aggregateType = type;
      aggregateId = aggregate;
      return this;
    }

    /**
     * Any object, of which the writer's serializer makes what is stored, by default JSON. A {@code
     * String} is taken as {@link #payload(String)} does, a {@code byte[]} as {@link
     * #payload(byte[])}, and an {@link EventPayload} is what it says.
     */
    public Builder payload(Object value) {
      if (value instanceof String text) {
        return payload(text);
      }
      if (value instanceof byte[] bytes) {
        return payload(bytes);
      }
      payload = value instanceof EventPayload made ? made : new EventPayload.Value(value);
      return this;
    }

    /**
     * Text of any form, such as XML, stored as it stands. It is neither checked nor made JSON:
     * {@code payload("hi")} stores {@code hi} and not {@code "hi"}. Text that is no JSON goes to
     * the topic as it is, where consumers and handlers that read JSON fail with it; only a column
     * {@code event_data} of MySQL's type {@code JSON} refuses it, when it is appended. For JSON
     * text call {@link #json}, for any object {@link #payload(Object)}.
     */
    public Builder payload(String text) {
      payload = new EventPayload.Text(text);
      return this;
    }

    /** Bytes of any form, stored as they are, for a table whose {@code event_data} is a BLOB. */
    public Builder payload(byte[] bytes) {
      payload = new EventPayload.Bytes(bytes);
      return this;
    }

    /**
     * JSON text, stored as it stands. The writer checks it when it is appended, before anything is
     * inserted, and refuses text that is not exactly one JSON value with a {@code
     * PayloadException}.
     */
    public Builder json(String text) {
      payload = new EventPayload.Json(text);
      return this;
    }

    /**
     * One more header; an earlier value of that name is replaced.
     *
     * @throws IllegalArgumentException if the name is blank, or one that Sluice sets itself
     */
    public Builder header(String name, String value) {
      headers = headers.with(name, value);
      return this;
    }

    /** Replaces all headers. */
    public Builder headers(EventHeaders all) {
      headers = all;
      return this;
    }

    /** Default {@value OutboxEvent#DEFAULT_MAX_RETRIES}. */
    public Builder maxRetries(int retries) {
      maxRetries = retries;
      return this;
    }

    /** An id of the caller's own; by default a new time-ordered one. */
    public Builder id(UUID own) {
      id = own;
      return this;
    }

    /** By default the moment of {@link #build}. */
    public Builder createdAt(Instant moment) {
      createdAt = moment;
      return this;
    }

    /**
     * The event.
     *
     * @throws IllegalArgumentException if aggregate or payload is missing or a value is out of its
     *     range
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
