package io.sluice.relay.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.record.Domains.Unpublishable;
import io.sluice.relay.record.Outgoing.DeadLetter;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Creates dead letters for rows that cannot be published, and the work items that mark these rows
 * FAILED. Thread-safe.
 *
 * <p>Headers that begin with {@code kafka_dlt-} have the names and encoding of Spring Kafka's
 * {@code DeadLetterPublishingRecoverer}, for consumers that process its dead letters. Original
 * partition and offset are missing because the event was never on its topic.
 */
final class DeadLetterFactory {

  private static final byte[] NO_PAYLOAD = {};

  /** Maximum length of a redrive count; a service can write any text as this header. */
  private static final int MAX_COUNT = 100;

  private static final String SPRING = "kafka_dlt-";

  private final TopicCatalog topics;
  private final RecordFormat format;

  DeadLetterFactory(TopicCatalog topics, RecordFormat format) {
    this.topics = topics;
    this.format = format;
  }

  /**
   * Creates the dead letter of an event that cannot be published. Leaves out what is too large: the
   * event's own headers, then the payload, then all but the id and the reason.
   *
   * @throws OperatorNeededException if the policy of its domain is to stop
   */
  DeadLetter make(OutboxRow row, RowPlace place, int attempts, Refusal refusal) {
    String reason = shortened(refusal.reason());
    if (topics.directory().domains().policy(row.domain()) == Unpublishable.STOP) {
      throw stop(row.toString(), row.origin().shard(), reason);
    }
    String topic = topic(row);
    int maxBytes = topics.require(topic).maxRecordBytes();
    byte[] key = row.aggregateId().getBytes(UTF_8);
    HeaderList headers = HeaderList.of(row, format);
    describe(headers, place, reason);
    headers.add(RecordHeaders.ATTEMPTS, Integer.toString(attempts));
    describeOrigin(headers, row);
    if (headers.recordBytes(key, NO_PAYLOAD) > maxBytes) {
      headers.remove(row.headers().values().keySet());
    }
    byte @Nullable [] payload = row.payload();
    if (refusal.isTooLarge() || headers.recordBytes(key, payload) > maxBytes) {
      headers.add(RecordHeaders.PAYLOAD_SHA256, sha256(payload));
      payload = null;
    }
    if (headers.recordBytes(key, payload == null ? NO_PAYLOAD : payload) > maxBytes) {
      return small(topic, row.origin().shard(), Optional.of(row.id()), reason, place);
    }
    Optional<String> redrive =
        Optional.of(EventCopy.of(row).redrive()).filter(count -> count.length() <= MAX_COUNT);
    return new DeadLetter(
        new ProducerRecord<>(
            topic, null, RecordTime.of(row.createdAt()), key, payload, headers.all()),
        Optional.of(new MarkFailed(row.origin().shard(), row.id(), redrive, reason)));
  }

  /** Returns the dead-letter topic of a row; the common one if its own cannot be created. */
  private String topic(OutboxRow row) {
    String own = topics.directory().deadLetterTopic(row);
    return topics.look(own) instanceof Topic.Open ? own : topics.directory().strayDeadLetters();
  }

  /**
   * Creates the dead letter of a row that is not a valid event.
   *
   * @throws OperatorNeededException if the policy is to stop
   */
  DeadLetter make(ShardId shard, Optional<String> id, String reason, RowPlace place) {
    if (topics.directory().domains().unknown() == Unpublishable.STOP) {
      throw stop("event " + id.orElse("at " + place.value()), shard, reason);
    }
    String topic = topics.directory().strayDeadLetters();
    topics.require(topic);
    return small(topic, shard, id, shortened(reason), place);
  }

  /** Creates a letter that fits into any topic. */
  private static DeadLetter small(
      String topic, ShardId shard, Optional<String> id, String reason, RowPlace place) {
    HeaderList headers = new HeaderList();
    id.ifPresent(known -> headers.add(RecordHeaders.ID, known));
    headers.add(RecordHeaders.SHARD, shard.value());
    describe(headers, place, reason);
    return new DeadLetter(
        new ProducerRecord<>(topic, null, null, null, null, headers.all()),
        id.map(known -> new MarkFailed(shard, known, Optional.empty(), reason)));
  }

  /** A reason can quote the row, whose texts can be of any length. */
  private static String shortened(String reason) {
    int end = Math.min(reason.length(), OutboxTable.LAST_ERROR_LENGTH);
    boolean cutsPair = end < reason.length() && Character.isHighSurrogate(reason.charAt(end - 1));
    return reason.substring(0, cutsPair ? end - 1 : end);
  }

  private static void describe(HeaderList headers, RowPlace place, String reason) {
    headers.add(place.header(), place.value());
    headers.add(RecordHeaders.ERROR, reason);
    headers.add(SPRING + "exception-fqcn", IllegalArgumentException.class.getName());
    headers.add(SPRING + "exception-message", reason);
  }

  private void describeOrigin(HeaderList headers, OutboxRow row) {
    byte[] millis = ByteBuffer.allocate(Long.BYTES).putLong(row.createdAt().toEpochMilli()).array();
    headers.add(SPRING + "original-timestamp", millis);
    headers.add(SPRING + "original-timestamp-type", TimestampType.CREATE_TIME.toString());
    topics
        .directory()
        .topicIfAny(row)
        .ifPresent(topic -> headers.add(SPRING + "original-topic", topic));
  }

  private static OperatorNeededException stop(String row, ShardId shard, String reason) {
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
