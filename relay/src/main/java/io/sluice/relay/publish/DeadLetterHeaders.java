package io.sluice.relay.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;

/**
 * The headers of a dead letter by the names and in the form that Spring Kafka's {@code
 * DeadLetterPublishingRecoverer} gives them, for consumers that were made for its letters.
 * Partition and offset have no place here: the event never was on its topic.
 */
final class DeadLetterHeaders {

  private static final String PREFIX = "kafka_dlt-";

  /** What the relay throws and catches where a row cannot be published. */
  private static final String EXCEPTION = IllegalArgumentException.class.getName();

  private DeadLetterHeaders() {}

  /** Adds what is wrong. */
  static void addException(List<Header> headers, String reason) {
    add(headers, "exception-fqcn", EXCEPTION);
    add(headers, "exception-message", reason);
  }

  /** Adds the topic the event would have gone to. */
  static void addTopic(List<Header> headers, String topic) {
    add(headers, "original-topic", topic);
  }

  /** Adds the time the record would have had. */
  static void addTimestamp(List<Header> headers, Instant time) {
    byte[] millis = ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    headers.add(new RecordHeader(PREFIX + "original-timestamp", millis));
    add(headers, "original-timestamp-type", TimestampType.CREATE_TIME.toString());
  }

  private static void add(List<Header> headers, String name, String value) {
    headers.add(new RecordHeader(PREFIX + name, value.getBytes(UTF_8)));
  }
}
