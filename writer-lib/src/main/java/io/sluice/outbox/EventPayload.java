package io.sluice.outbox;

import java.util.Objects;

/** What an event says: the content of the {@code event_data} column and of the Kafka record. */
public sealed interface EventPayload {

  /**
   * JSON text that is stored and delivered as it stands, byte for byte in UTF-8: key order, number
   * format and white space are kept.
   */
  record Json(String text) implements EventPayload {
    public Json {
      Objects.requireNonNull(text, "payload text");
    }

    /** The length only: payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Json[" + text.length() + " characters]";
    }
  }

  /** Any object; the writer's serializer makes JSON of it when the event is appended. */
  record Value(Object value) implements EventPayload {
    public Value {
      Objects.requireNonNull(value, "payload value");
    }

    /** The type only: payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Value[" + value.getClass().getName() + "]";
    }
  }
}
