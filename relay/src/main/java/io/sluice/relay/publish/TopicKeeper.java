package io.sluice.relay.publish;

import java.util.Optional;
import java.util.Set;

/** Sees that topics exist, and knows what they take. Thread-safe. */
public interface TopicKeeper {

  /** What there is to say about a topic. */
  sealed interface Topic {

    /**
     * It exists.
     *
     * @param maxMessageBytes the largest record batch it takes
     */
    record Open(int maxMessageBytes) implements Topic {}

    /**
     * Kafka does not make a topic of this name, though it would make others.
     *
     * @param reason what Kafka says
     * @param remedy what an operator can do about it
     */
    record Refused(String reason, String remedy) implements Topic {}
  }

  /**
   * Makes the topic if it is not there. What is known already is not asked for again.
   *
   * @throws io.sluice.relay.shard.RelayException if Kafka makes no topic at all at present
   */
  Topic look(String topic);

  /** The same as it is now, give or take some seconds: it may have been changed since. */
  Topic lookAgain(String topic);

  /** Which of these take less than when they were looked at, in words; looks at them again. */
  Optional<String> lessThanKnown(Set<String> topics);
}
