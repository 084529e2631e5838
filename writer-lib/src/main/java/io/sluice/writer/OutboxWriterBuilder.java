package io.sluice.writer;

import java.util.Objects;

/** Configures an {@link OutboxWriter}; everything has a default. Not thread-safe. */
public final class OutboxWriterBuilder {

  /** Default of {@link #maxEventBytes}: somewhat less than the relay's topics take by default. */
  public static final int DEFAULT_MAX_EVENT_BYTES = 8_000_000;

  private PayloadSerializer serializer = JacksonPayloadSerializer.withDefaults();
  private HeaderSource headers = HeaderSource.NONE;
  private EventSink sink = EventInsert::execute;
  private int maxEventBytes = DEFAULT_MAX_EVENT_BYTES;

  OutboxWriterBuilder() {}

  /**
   * Makes what is stored of payload objects. Default: Jackson, with its modules on the class path.
   */
  public OutboxWriterBuilder serializer(PayloadSerializer value) {
    serializer = Objects.requireNonNull(value, "serializer");
    return this;
  }

  /** Gives events headers they do not have. Default: none. */
  public OutboxWriterBuilder headers(HeaderSource source) {
    headers = Objects.requireNonNull(source, "headers");
    return this;
  }

  /**
   * How many bytes an event's payload and headers may have. A larger one is refused here, where the
   * transaction can still be rolled back; the relay could but set it aside. Default {@value
   * #DEFAULT_MAX_EVENT_BYTES}; set it somewhat below what your topics take, if that is less.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public OutboxWriterBuilder maxEventBytes(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException(
          "maxEventBytes is %d: it must be 1 or more".formatted(bytes));
    }
    maxEventBytes = bytes;
    return this;
  }

  /** Takes the events. Default: the outbox table. For tests. */
  public OutboxWriterBuilder sink(EventSink value) {
    sink = Objects.requireNonNull(value, "sink");
    return this;
  }

  /** The writer. */
  public OutboxWriter build() {
    return new OutboxWriter(this);
  }

  EventRows rows() {
    return new EventRows(serializer, headers, maxEventBytes);
  }

  EventSink sink() {
    return sink;
  }
}
