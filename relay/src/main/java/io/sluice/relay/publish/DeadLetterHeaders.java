package io.sluice.relay.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;

/**
 * Headers of a dead letter in the format of Spring Kafka's {@code DeadLetterPublishingRecoverer},
 * for consumers that process its dead letters. Original partition and offset are missing because
 * the event was never on its topic.
 */
final class DeadLetterHeaders {

  private static final String PREFIX = "kafka_dlt-";

  /** The exception that the relay uses for rows that cannot be published. */
  private static final String EXCEPTION = IllegalArgumentException.class.getName();

  private DeadLetterHeaders() {}

  /** Adds the reason. */
  static void addException(List<Header> headers, String reason) {
    add(headers, "exception-fqcn", EXCEPTION);
    add(headers, "exception-message", reason);
  }

  /** Adds the topic of the event. */
  static void addTopic(List<Header> headers, String topic) {
    add(headers, "original-topic", topic);
  }

  /** Adds the timestamp of the event. */
  static void addTimestamp(List<Header> headers, Instant time) {
    byte[] millis = ByteBuffer.allocate(Long.BYTES).putLong(time.toEpochMilli()).array();
    headers.add(new RecordHeader(PREFIX + "original-timestamp", millis));
    add(headers, "original-timestamp-type", TimestampType.CREATE_TIME.toString());
  }

  private static void add(List<Header> headers, String name, String value) {
    headers.add(new RecordHeader(PREFIX + name, value.getBytes(UTF_8)));
  }
}
