package io.sluice.relay.publish;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.binlog.Decoded;
import io.sluice.relay.publish.DomainSettings.Unpublishable;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Creates dead letters for rows that cannot be published, and the work items that mark these rows
 * FAILED. Thread-safe.
 */
public final class DeadLetterFactory {

  private static final byte[] NO_PAYLOAD = {};

  private final TopicDirectory topics;
  private final RecordLimits limits;
  private final RecordFactory records;

  DeadLetterFactory(TopicDirectory topics, RecordLimits limits, RecordFactory records) {
    this.topics = topics;
    this.limits = limits;
    this.records = records;
  }

  /**
   * A quarantined row.
   *
   * @param record the dead letter
   * @param markFailed the work item for the row; empty if the row's id could not be read
   */
  public record Quarantined(
      ProducerRecord<byte[], byte[]> record, Optional<MarkFailed> markFailed) {}

  /**
   * Quarantines an event that cannot be published.
   *
   * @param place where the row was read
   * @param rejection the reason
   * @throws OperatorNeededException if the policy of its domain is to stop
   */
  public Quarantined quarantine(OutboxRow row, RowPlace place, Rejection rejection) {
    String reason = rejection.reason();
    if (topics.domains().policy(row.domain()) == Unpublishable.STOP) {
      throw stop(row.toString(), row.origin().shard().value(), reason);
    }
    byte[] key = row.aggregateId().getBytes(UTF_8);
    DeadLetterTopic topic = limits.deadLetterTopic(row);
    List<Header> headers = headers(row, key, place, rejection, topic.bytes());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic.name(),
            null,
            // Kafka rejects times before 1970, and the row may have such a time.
            Math.max(0, row.createdAt().toEpochMilli()),
            key,
            payloadOrHash(row, key, headers, topic.bytes()),
            headers);
    return new Quarantined(
        record,
        Optional.of(
            new MarkFailed(
                row.origin().shard(), row.id(), Optional.of(EventCopy.of(row).redrive()), reason)));
  }

  /** Returns the headers of a dead letter; without those of the service if they are too large. */
  private List<Header> headers(
      OutboxRow row, byte[] key, RowPlace place, Rejection rejection, long maxBytes) {
    List<Header> headers = records.headers(row);
    describe(headers, place, rejection.reason());
    RecordFactory.add(headers, RecordHeaders.ATTEMPTS, Integer.toString(rejection.attempts()));
    DeadLetterHeaders.addTimestamp(headers, row.createdAt());
    topics.topicIfAny(row).ifPresent(topic -> DeadLetterHeaders.addTopic(headers, topic));
    if (RecordFactory.bytes(key, NO_PAYLOAD, headers) > maxBytes) {
      headers.removeIf(header -> row.headers().values().containsKey(header.key()));
    }
    return headers;
  }

  /**
   * Returns the payload. If it is too large for the dead-letter topic, adds its hash as a header
   * instead.
   */
  private byte @Nullable [] payloadOrHash(
      OutboxRow row, byte[] key, List<Header> headers, long maxBytes) {
    if (RecordFactory.bytes(key, row.payload(), headers) <= maxBytes) {
      return row.payload();
    }
    RecordFactory.add(headers, RecordHeaders.PAYLOAD_SHA256, sha256(row.payload()));
    return null;
  }

  /**
   * Quarantines a row that is not a valid event.
   *
   * @param place where the row was read
   * @throws OperatorNeededException if the policy is to stop
   */
  public Quarantined quarantine(Decoded.Unreadable row, RowPlace place) {
    String shard = row.rowOrigin().shard().value();
    if (topics.domains().unknown() == Unpublishable.STOP) {
      throw stop("event " + row.id().orElse("at " + place.value()), shard, row.reason());
    }
    List<Header> headers = new ArrayList<>();
    row.id().ifPresent(id -> RecordFactory.add(headers, RecordHeaders.ID, id));
    RecordFactory.add(headers, RecordHeaders.SHARD, shard);
    describe(headers, place, row.reason());
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(limits.strayDeadLetters().name(), null, null, null, null, headers);
    return new Quarantined(
        record,
        row.id()
            .map(
                id -> new MarkFailed(row.rowOrigin().shard(), id, Optional.empty(), row.reason())));
  }

  private static void describe(List<Header> headers, RowPlace place, String reason) {
    RecordFactory.add(headers, place.header(), place.value());
    RecordFactory.add(headers, RecordHeaders.ERROR, reason);
    DeadLetterHeaders.addException(headers, reason);
  }

  private static OperatorNeededException stop(String row, String shard, String reason) {
    return new OperatorNeededException(
        "%s of shard '%s' cannot be published: %s".formatted(row, shard, reason),
        "correct the service that writes such rows or the relay's limits; or let the relay move"
            + " such rows to the dead-letter topic (unpublishable: quarantine)");
  }

  private static String sha256(byte[] payload) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(payload));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
