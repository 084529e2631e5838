package io.sluice.relay.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Creates the Kafka record of an outbox row: its event, or a dead letter if the event cannot be
 * published. The format is described in {@code docs/records.md}. All shards of a relay share it.
 * Thread-safe.
 */
public final class RecordFactory {

  private final TopicCatalog topics;
  private final RecordFormat format;
  private final DeadLetterFactory deadLetters;

  public RecordFactory(TopicCatalog topics, RecordFormat format) {
    this.topics = topics;
    this.format = format;
    this.deadLetters = new DeadLetterFactory(topics, format);
  }

  /** The topics of the records. */
  public TopicCatalog topics() {
    return topics;
  }

  /**
   * Creates the record of a row.
   *
   * @param place where the row was read
   * @param attempts number of failed attempts of its handlers
   * @throws io.sluice.relay.shard.OperatorNeededException if the row cannot be published, and the
   *     policy of its domain is to stop
   * @throws io.sluice.relay.shard.RelayException if its topic does not exist and cannot be created
   */
  public Outgoing make(OutboxRow row, RowPlace place, int attempts) {
    ProducerRecord<byte[], byte[]> event;
    try {
      event = event(row, place);
    } catch (IllegalArgumentException e) {
      return deadLetters.make(row, place, attempts, new Refusal(reason(e), false));
    }
    boolean isCompleted = topics.directory().domains().isCompletedByRelay(row.domain());
    return new Outgoing.Event(
        event,
        isCompleted
            ? Optional.of(new Completed(row.origin().shard(), EventCopy.of(row)))
            : Optional.empty(),
        refusal -> quarantine(row, place, attempts, refusal));
  }

  private static String reason(IllegalArgumentException problem) {
    return String.valueOf(problem.getMessage());
  }

  /** The limit of the topic may have been lowered, or the relay may not read it. */
  private Outgoing.DeadLetter quarantine(
      OutboxRow row, RowPlace place, int attempts, Refusal refusal) {
    topics.refresh(topics.directory().topic(row));
    topics.refresh(topics.directory().deadLetterTopic(row));
    return make(row, place, attempts) instanceof Outgoing.DeadLetter known
        ? known
        : deadLetters.make(row, place, attempts, refusal);
  }

  /**
   * Creates the dead letter of a row that is not a valid event.
   *
   * @param id id of the row, if it can be read
   * @param place where the row was read
   * @throws io.sluice.relay.shard.OperatorNeededException if the policy is to stop
   */
  public Outgoing deadLetter(ShardId shard, Optional<String> id, String reason, RowPlace place) {
    return deadLetters.make(shard, id, reason, place);
  }

  /**
   * Creates the record of an event.
   *
   * @throws IllegalArgumentException if the event cannot be published
   */
  private ProducerRecord<byte[], byte[]> event(OutboxRow row, RowPlace place) {
    String topic = topics.directory().topic(row);
    HeaderList headers = HeaderList.of(row, format);
    headers.add(place.header(), place.value());
    byte[] key = row.aggregateId().getBytes(UTF_8);
    refuseTooLarge(headers, key, row.payload(), topic);
    return new ProducerRecord<>(
        topic, null, RecordTime.of(row.createdAt()), key, row.payload(), headers.all());
  }

  private void refuseTooLarge(HeaderList headers, byte[] key, byte[] payload, String topic) {
    long limit = open(topics.look(topic)).maxRecordBytes();
    if (headers.isSurelyWithin(limit, key, payload)) {
      return;
    }
    long bytes = headers.recordBytes(key, payload);
    if (bytes > limit) {
      // An operator may have raised the topic's limit meanwhile.
      Topic.Open now = open(topics.lookAgain(topic));
      if (bytes > now.maxRecordBytes()) {
        throw new IllegalArgumentException(
            "the record has %d bytes, but topic %s accepts only %d (%s)"
                .formatted(bytes, topic, now.maxRecordBytes(), topics.limitingSetting(now)));
      }
    }
  }

  /** The row is the cause of a refused topic if its content determines the name. */
  private Topic.Open open(Topic topic) {
    if (topic instanceof Topic.Open open) {
      return open;
    }
    Topic.Refused refused = (Topic.Refused) topic;
    throw topics.directory().isByRow()
        ? new IllegalArgumentException(refused.reason())
        : refused.exception();
  }
}
