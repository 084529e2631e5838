package io.sluice.relay.kafka;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Classifies failures to create or change topics. */
final class TopicFailures {

  private TopicFailures() {}

  /**
   * Classifies a failed request.
   *
   * @param problem the operation that failed
   * @param failure the failed request, with Kafka's exception as its cause
   */
  static RelayException of(String problem, TransientException failure) {
    Throwable cause = failure.getCause();
    if (cause instanceof TimeoutException) {
      return new TransientException(
          problem + ": no broker answers at kafka.bootstrap.servers", cause);
    }
    return cause == null
        ? failure
        : remedy(cause)
            .<RelayException>map(
                remedy ->
                    new OperatorNeededException(problem + ": " + cause.getMessage(), remedy, cause))
            .orElse(failure);
  }

  /** Whether Kafka rejected the name of the topic. */
  static boolean isAboutName(@Nullable Throwable cause) {
    return cause instanceof InvalidTopicException || cause instanceof PolicyViolationException;
  }

  /** Whether Kafka rejected a setting of the topic, by its own rules or by a policy. */
  static boolean isAboutSettings(@Nullable Throwable cause) {
    return cause instanceof InvalidConfigurationException
        || cause instanceof PolicyViolationException;
  }

  private static Optional<String> remedy(Throwable cause) {
    if (cause instanceof InvalidReplicationFactorException) {
      return Optional.of("set topics.replication-factor to no more than there are brokers");
    }
    if (cause instanceof InvalidTopicException) {
      return Optional.of(
          "choose names that Kafka accepts (topics.template, domains): letters, digits, '.', '_',"
              + " '-', and no two that differ by '.' and '_' only");
    }
    if (cause instanceof PolicyViolationException) {
      return Optional.of(
          "set topics.* to what the brokers' create.topic.policy.class.name allows, change that"
              + " policy, or create the topic yourself");
    }
    if (cause instanceof InvalidConfigurationException
        || cause instanceof InvalidPartitionsException) {
      return Optional.of(
          "correct topics.partitions and topics.max-message-bytes, or create the topic yourself");
    }
    if (cause instanceof AuthorizationException) {
      return Optional.of(
          "let the relay create, describe, read and write its topics, or create the topic yourself");
    }
    return Optional.empty();
  }
}
