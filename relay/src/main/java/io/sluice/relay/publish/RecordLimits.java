package io.sluice.relay.publish;

import io.sluice.relay.publish.TopicKeeper.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;

/** Maximum record sizes of topics. Thread-safe. */
final class RecordLimits {

  /** Upper bound of the bytes that Kafka adds to the only record of a batch. */
  private static final int RECORD_OVERHEAD = 512;

  private final TopicDirectory topics;
  private final TopicKeeper keeper;

  RecordLimits(TopicDirectory topics, TopicKeeper keeper) {
    this.topics = topics;
    this.keeper = keeper;
  }

  /**
   * Rejects a record that is too large for its topic, or whose topic cannot be created.
   *
   * @throws IllegalArgumentException if the row is the cause
   */
  void refuseTooLarge(long bytes, String topic) {
    if (bytes > bytes(keeper.look(topic), topic)) {
      // An operator may have raised the topic's limit meanwhile.
      long limit = bytes(keeper.lookAgain(topic), topic);
      if (bytes > limit) {
        throw new IllegalArgumentException(
            "the record has %d bytes, but topic %s accepts only %d (%s)"
                .formatted(bytes, topic, limit, settingFor(limit)));
      }
    }
  }

  private String settingFor(long limit) {
    return limit < topics.maxMessageBytes() - RECORD_OVERHEAD
        ? "its max.message.bytes"
        : "topics.max-message-bytes";
  }

  /** Returns the dead-letter topic of a row; the common one if its own cannot be created. */
  DeadLetterTopic deadLetterTopic(OutboxRow row) {
    String own = topics.deadLetterTopic(row);
    return keeper.look(own) instanceof Topic.Open open
        ? new DeadLetterTopic(own, bytes(open, own))
        : strayDeadLetters();
  }

  /** Returns the dead-letter topic for rows without a topic. */
  DeadLetterTopic strayDeadLetters() {
    String stray = topics.strayDeadLetters();
    return new DeadLetterTopic(stray, bytes(keeper.look(stray), stray));
  }

  /** Maximum size of key, value and headers. */
  private long bytes(Topic topic, String name) {
    if (topic instanceof Topic.Open open) {
      return (long) Math.min(open.maxMessageBytes(), topics.maxMessageBytes()) - RECORD_OVERHEAD;
    }
    Topic.Refused refused = (Topic.Refused) topic;
    if (topics.isByRow() && !name.equals(topics.strayDeadLetters())) {
      throw new IllegalArgumentException(refused.reason());
    }
    throw new OperatorNeededException(refused.reason(), refused.remedy());
  }
}
