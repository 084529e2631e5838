package io.sluice.outbox;

import java.util.Arrays;
import java.util.Objects;

/** What an event says: the content of the {@code event_data} column and of the Kafka record. */
public sealed interface EventPayload {

  /** A payload that is stored and delivered as it stands, byte for byte. */
  sealed interface Stored extends EventPayload {}

  /**
   * JSON text, which the writer checks: key order, number format and white space are kept, unless
   * the column is of MySQL's type {@code JSON}.
   */
  record Json(String text) implements Stored {
    public Json {
      Objects.requireNonNull(text, "payload text");
    }

    /** The length only: payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Json[" + text.length() + " characters]";
    }
  }

  /** Text of any form; in a column of MySQL's type {@code JSON} only JSON. */
  record Text(String text) implements Stored {
    public Text {
      Objects.requireNonNull(text, "payload text");
    }

    /** The length only: payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Text[" + text.length() + " characters]";
    }
  }

  /**
   * Bytes of any form, such as Avro or Protobuf, which the column has to take: {@code LONGBLOB}. A
   * column of text takes them only if they are UTF-8.
   */
  final class Bytes implements Stored {

    private final byte[] bytes;

    /** A copy of these bytes. */
    public Bytes(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    /** A copy of the bytes. */
    public byte[] bytes() {
      return bytes.clone();
    }

    /** How many bytes there are. */
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

    /** The length only: payloads do not belong in logs. */
    @Override
    public String toString() {
      return "Bytes[" + bytes.length + "]";
    }
  }

  /** Any object; the writer's serializer makes a stored payload of it when it is appended. */
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
