package io.sluice.outbox;

import java.util.Arrays;
import java.util.Objects;

/** The payload of an event: the value of the {@code event_data} column and of the Kafka record. */
public sealed interface EventPayload {

  /** A payload that is stored and delivered unchanged, byte for byte. */
  sealed interface Stored extends EventPayload {}

  /**
   * JSON text, which the writer validates. Key order, number format and white space are kept,
   * unless the column has MySQL's type {@code JSON}.
   */
  record Json(String text) implements Stored {
    public Json {
      Objects.requireNonNull(text, "payload text");
    }

    /** Shows only the length, because payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Json[" + text.length() + " characters]";
    }
  }

  /** Any text. A column of MySQL's type {@code JSON} accepts only JSON. */
  record Text(String text) implements Stored {
    public Text {
      Objects.requireNonNull(text, "payload text");
    }

    /** Shows only the length, because payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /**
   * Any bytes, such as Avro or Protobuf. They need a column of a binary type such as {@code
   * LONGBLOB}; a text column accepts only valid UTF-8.
   */
  final class Bytes implements Stored {

    private final byte[] bytes;

    /** Copies these bytes. */
    public Bytes(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    /** Returns a copy of the bytes. */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** The number of bytes. */
    public int length() {
      return bytes.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    /** Shows only the length, because payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /** Any object; the writer serialises it when the event is appended. */
  record Value(Object value) implements EventPayload {
    public Value {
      Objects.requireNonNull(value, "payload value");
    }

    /** Shows only the type, because payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Value[" + value.getClass().getName() + "]";
    }
  }
}
