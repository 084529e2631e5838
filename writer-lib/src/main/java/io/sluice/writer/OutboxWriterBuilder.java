package io.sluice.writer;

import io.sluice.outbox.Arguments;

/** Configures an {@link OutboxWriter}. Every setting has a default. Not thread-safe. */
public final class OutboxWriterBuilder {

  /** Default of {@link #maxEventBytes}: slightly less than the default limit of the topics. */
  public static final int DEFAULT_MAX_EVENT_BYTES = 8_000_000;

  private PayloadSerializer serializer = JacksonPayloadSerializer.withDefaults();
  private HeaderSource headers = HeaderSource.NONE;
  private EventSink sink = EventInsert::execute;
  private int maxEventBytes = DEFAULT_MAX_EVENT_BYTES;

  OutboxWriterBuilder() {}

  /** Serialises payload objects. Default: Jackson, with its modules on the class path. */
  public OutboxWriterBuilder serializer(PayloadSerializer value) {
    serializer = Arguments.required("serializer(value)", "value", value);
    return this;
  }

  /** Adds headers to every event. Default: none. */
  public OutboxWriterBuilder headers(HeaderSource source) {
    headers = Arguments.required("headers(source)", "source", source);
    return this;
  }

  /**
   * Maximum bytes of an event's payload and headers. The writer refuses a larger event while the
   * transaction can still be rolled back; the relay could only make its row FAILED. Default {@value
   * #DEFAULT_MAX_EVENT_BYTES}; set it slightly below the limit of your topics if their limit is
   * lower.
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

  /** Stores the events. Default: the outbox table. Tests use another sink. */
  public OutboxWriterBuilder sink(EventSink value) {
    sink = Arguments.required("sink(value)", "value", value);
    return this;
  }

  /** Builds the writer. */
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
