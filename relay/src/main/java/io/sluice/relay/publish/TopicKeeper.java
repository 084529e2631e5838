package io.sluice.relay.publish;

import java.util.Optional;
import java.util.Set;

/** Creates topics, and knows their limits. Thread-safe. */
public interface TopicKeeper {

  /** State of a topic. */
  sealed interface Topic {

    /**
     * The topic exists.
     *
     * @param maxMessageBytes maximum bytes of a record batch
     */
    record Open(int maxMessageBytes) implements Topic {}

    /**
     * Kafka rejects the topic's name.
     *
     * @param reason message of Kafka
     * @param remedy the action that the operator must take
     */
    record Refused(String reason, String remedy) implements Topic {}
  }

  /**
   * Returns the cached state of a topic. Creates the topic if it is not cached and does not exist.
   *
   * @throws io.sluice.relay.shard.RelayException if topics cannot be created at present
   */
  Topic look(String topic);

  /** Returns the state of a topic like {@link #look}, but at most a few seconds old. */
  Topic lookAgain(String topic);

  /**
   * Reads the limits of topics again.
   *
   * @return a description of the topics whose limit was lowered; empty if there are none
   */
  Optional<String> lessThanKnown(Set<String> topics);
}
