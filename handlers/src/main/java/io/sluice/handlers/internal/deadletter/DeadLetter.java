package io.sluice.handlers.internal.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.LastError;
import io.sluice.outbox.RecordHeaders;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The dead letter of an event that failed for good. Its record has the headers of {@code
 * docs/records.md}. Headers with the prefix {@code kafka_dlt-} have the names and encoding of
 * Spring Kafka's {@code DeadLetterPublishingRecoverer}, for consumers of its dead letters.
 *
 * @param event the event as passed to the handler at the last attempt
 * @param origin the record of the event
 * @param cause the last failure
 * @param group the consumer group whose handler failed
 */
public record DeadLetter(HandledEvent event, RecordOrigin origin, Throwable cause, String group) {

  /** The suffix of a domain's dead-letter topic. */
  static final String SUFFIX = ".dlq";

  private static final String SPRING = "kafka_dlt-";

  public DeadLetter {
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(group, "group");
  }

  /** The topic that the dead letter is sent to. */
  public String topic() {
    return origin.topic() + SUFFIX;
  }

  /** The record with the event's payload. */
  ProducerRecord<byte[], byte[]> record() {
    return record(event.payloadBytes());
  }

  DeadLetter withPayload(byte[] payload) {
    return new DeadLetter(event.toBuilder().payload(payload).build(), origin, cause, group);
  }

  /** The record without payload, because the event's own record was deleted from its topic. */
  ProducerRecord<byte[], byte[]> recordOfDeleted() {
    return record(null);
  }

  /** The record with the payload's hash, for a topic that rejects the payload as too large. */
  ProducerRecord<byte[], byte[]> recordWithoutPayload() {
    ProducerRecord<byte[], byte[]> record = record(null);
    add(record.headers(), RecordHeaders.PAYLOAD_SHA256, sha256(event.payloadBytes()));
    return record;
  }

  private ProducerRecord<byte[], byte[]> record(byte @Nullable [] payload) {
    byte[] key = event.aggregateId().getBytes(UTF_8);
    // No timestamp, so that the producer sets the current time. With the timestamp of an old event,
    // retention could delete the dead letter before it is read.
    ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(), key, payload);
    origin.headers().forEach(record.headers()::add);
    describeFailure(record.headers());
    describeOrigin(record.headers());
    return record;
  }

  private void describeFailure(Headers headers) {
    String error = LastError.of(cause);
    add(headers, RecordHeaders.ERROR, error);
    add(headers, RecordHeaders.ATTEMPTS, Integer.toString(event.attempt()));
    add(headers, SPRING + "exception-fqcn", cause.getClass().getName());
    add(headers, SPRING + "exception-message", error);
  }

  private void describeOrigin(Headers headers) {
    add(headers, SPRING + "original-topic", origin.topic());
    headers.add(SPRING + "original-partition", bytes(origin.partition()));
    headers.add(SPRING + "original-offset", bytes(origin.offset()));
    headers.add(SPRING + "original-timestamp", bytes(origin.timestamp()));
    add(headers, SPRING + "original-timestamp-type", origin.timestampType().toString());
    add(headers, SPRING + "original-consumer-group", group);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }

  private static byte[] bytes(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }

  private static byte[] bytes(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  private static String sha256(byte[] payload) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
