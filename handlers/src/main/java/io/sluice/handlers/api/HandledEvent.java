package io.sluice.handlers.api;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event and the number of the attempt. Immutable. Unit tests of handlers create events with the
 * builder:
 *
 * <pre>{@code
 * handler.handle(
 *     HandledEvent.builder(EventDomain.PORTFOLIO, "order_created")
 *         .id("0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001")
 *         .shard(ShardId.of("shard-1"))
 *         .aggregate("order", "42")
 *         .payload("{\"amount\":100.00}")
 *         .build());
 * }</pre>
 */
public final class HandledEvent {

  // An event type with a line break must not add lines to the log.
  private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private final String id;
  private final ShardId shard;
  private final EventDomain domain;
  private final String eventType;
  private final String aggregateType;
  private final String aggregateId;
  private final byte[] payload;
  private final EventHeaders headers;
  private final Instant createdAt;
  private final int attempt;
  private final int maxRetries;
  private final Instant deadline;

  private HandledEvent(Builder from) {
    id = required("id", from.id);
    shard = required("shard", from.shard);
    domain = from.domain;
    eventType = from.eventType;
    aggregateType = required("aggregate", from.aggregateType);
    aggregateId = required("aggregate", from.aggregateId);
    payload = required("payload", from.payload);
    headers = from.headers;
    createdAt = from.createdAt;
    attempt = from.attempt;
    maxRetries = from.maxRetries;
    deadline = from.deadline;
  }

  private static <T> T required(String part, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(
          "the event has no %s: call %s(…) before build()".formatted(part, part));
    }
    return value;
  }

  /** The id of the row. It is the same at every delivery, so use it as the idempotency key. */
  public String id() {
    return id;
  }

  /** The shard whose database holds the row. */
  public ShardId shard() {
    return shard;
  }

  /** The domain of the event. */
  public EventDomain domain() {
    return domain;
  }

  /** The event type, such as {@code order_created}. */
  public String eventType() {
    return eventType;
  }

  /** The type of its aggregate. */
  public String aggregateType() {
    return aggregateType;
  }

  /** The id of its aggregate. */
  public String aggregateId() {
    return aggregateId;
  }

  /** The payload as text, decoded from UTF-8 at each call. */
  public String payload() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  /** A copy of the payload as it was delivered. */
  public byte[] payloadBytes() {
    return payload.clone();
  }

  /** The headers that the event was written with, without those that Sluice adds. */
  public EventHeaders headers() {
    return headers;
  }

  /**
   * The row's {@code created_at}, also if the record was published much later. Taken from the
   * header {@code outbox-created-at}, or from the timestamp of a record that lacks it.
   */
  public Instant createdAt() {
    return createdAt;
  }

  /** The number of the attempt: the row's number of failures plus one. */
  public int attempt() {
    return attempt;
  }

  /** The number of failures after which the event is FAILED. */
  public int maxRetries() {
    return maxRetries;
  }

  /** The time when this attempt times out, by the clock of this machine. */
  public Instant deadline() {
    return deadline;
  }

  /** The size of the payload in bytes. */
  public int payloadLength() {
    return payload.length;
  }

  /** Returns a builder with all values of this event. */
  public Builder toBuilder() {
    Builder copy = new Builder(domain, eventType);
    copy.id = id;
    copy.shard = shard;
    copy.aggregateType = aggregateType;
    copy.aggregateId = aggregateId;
    copy.payload = payload;
    copy.headers = headers;
    copy.createdAt = createdAt;
    copy.attempt = attempt;
    copy.maxRetries = maxRetries;
    copy.deadline = deadline;
    return copy;
  }

  /** Returns one line without payload and headers, which must not be logged. */
  @Override
  public String toString() {
    return printable("event %s (%s of %s, shard '%s')".formatted(id, eventType, domain, shard));
  }

  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("?");
  }

  /** Returns a builder that still needs id, shard, aggregate and payload. */
  public static Builder builder(EventDomain domain, String eventType) {
    return new Builder(domain, eventType);
  }

  /** Builds an event. Not thread-safe. */
  public static final class Builder {

    private final EventDomain domain;
    private final String eventType;
    private @Nullable String id;
    private @Nullable ShardId shard;
    private @Nullable String aggregateType;
    private @Nullable String aggregateId;
    private byte @Nullable [] payload;
    private EventHeaders headers = EventHeaders.NONE;
    private Instant createdAt = Instant.EPOCH;
    private int attempt = 1;
    private int maxRetries = OutboxEvent.DEFAULT_MAX_RETRIES;
    private Instant deadline = Instant.MAX;

    private Builder(EventDomain domain, String eventType) {
      this.domain = Objects.requireNonNull(domain, "domain");
      this.eventType = Objects.requireNonNull(eventType, "eventType");
    }

    /** The row's id; required. */
    public Builder id(String value) {
      id = value;
      return this;
    }

    /** The shard whose database holds the row; required. */
    public Builder shard(ShardId value) {
      shard = value;
      return this;
    }

    /** Type and id of the aggregate; required. */
    public Builder aggregate(String type, String aggregate) {
      aggregateType = type;
      aggregateId = aggregate;
      return this;
    }

    /** A payload of text. A payload is required. */
    public Builder payload(String text) {
      payload = text.getBytes(StandardCharsets.UTF_8);
      return this;
    }

    /** A payload of bytes, which are copied. A payload is required. */
    public Builder payload(byte[] bytes) {
      payload = bytes.clone();
      return this;
    }

    /** Optional. By default, there are no headers. */
    public Builder headers(EventHeaders value) {
      headers = Objects.requireNonNull(value, "headers");
      return this;
    }

    /** Optional. By default, the epoch. */
    public Builder createdAt(Instant value) {
      createdAt = Objects.requireNonNull(value, "createdAt");
      return this;
    }

    /** Optional. By default, 1. */
    public Builder attempt(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("attempt %d: the first is 1".formatted(number));
      }
      attempt = number;
      return this;
    }

    /** Optional. By default, {@value OutboxEvent#DEFAULT_MAX_RETRIES}. */
    public Builder maxRetries(int value) {
      maxRetries = value;
      return this;
    }

    /** Optional. By default, there is no deadline. */
    public Builder deadline(Instant moment) {
      deadline = Objects.requireNonNull(moment, "deadline");
      return this;
    }

    /**
     * Builds the event.
     *
     * @throws IllegalArgumentException if id, shard, aggregate or payload is missing
     */
    public HandledEvent build() {
      return new HandledEvent(this);
    }
  }
}
