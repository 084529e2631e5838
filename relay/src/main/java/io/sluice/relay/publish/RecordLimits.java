package io.sluice.relay.publish;

import io.sluice.relay.publish.TopicKeeper.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.OutboxRow;

/** How large records may be, topic by topic. Thread-safe. */
final class RecordLimits {

  /** What Kafka adds to a record in a batch of its own, with ample room. */
  private static final int RECORD_OVERHEAD = 512;

  private final TopicDirectory topics;
  private final TopicKeeper keeper;

  RecordLimits(TopicDirectory topics, TopicKeeper keeper) {
    this.topics = topics;
    this.keeper = keeper;
  }

  /**
   * Refuses a record that its topic does not take, or whose topic Kafka does not make.
   *
   * @throws IllegalArgumentException if it is the row that is to blame
   */
  void refuseTooLarge(long bytes, String topic) {
    if (bytes > bytes(keeper.look(topic), topic)) {
      // Somebody may have raised the topic's limit, so as to let this very record pass.
      long limit = bytes(keeper.lookAgain(topic), topic);
      if (bytes > limit) {
        throw new IllegalArgumentException(
            "it takes %d bytes, topic %s takes %d (%s)".formatted(bytes, topic, limit, of(limit)));
      }
    }
  }

  private String of(long limit) {
    return limit < topics.maxMessageBytes() - RECORD_OVERHEAD
        ? "its max.message.bytes"
        : "topics.max-message-bytes";
  }

  /** Where dead letters of a row go, be it that its own topic for them cannot be made. */
  DeadLetterTopic deadLetterTopic(OutboxRow row) {
    String own = topics.deadLetterTopic(row);
    return keeper.look(own) instanceof Topic.Open open
        ? new DeadLetterTopic(own, bytes(open, own))
        : strayDeadLetters();
  }

  /** Where dead letters go of what has no topic. */
  DeadLetterTopic strayDeadLetters() {
    String stray = topics.strayDeadLetters();
    return new DeadLetterTopic(stray, bytes(keeper.look(stray), stray));
  }

  /** Of key, value and headers together. */
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
