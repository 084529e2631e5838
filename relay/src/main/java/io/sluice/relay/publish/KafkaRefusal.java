package io.sluice.relay.publish;

import io.sluice.relay.shard.OperatorNeededException;
import java.util.Optional;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Detects failures of a producer that retrying cannot fix. */
final class KafkaRefusal {

  private KafkaRefusal() {}

  static Optional<RuntimeException> of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException) {
        return refusal(
            cause,
            "raise max.message.bytes of the domains' topics to topics.max-message-bytes of the"
                + " relay's configuration");
      }
      if (cause instanceof InvalidTimestampException) {
        return refusal(
            cause,
            "set message.timestamp.after.max.ms and message.timestamp.before.max.ms of the domains'"
                + " topics to 9223372036854775807, and make sure that services write"
                + " created_at in UTC");
      }
      if (cause instanceof AuthorizationException) {
        return refusal(
            cause,
            "let the relay write to its topics and use transactional ids that begin with its group");
      }
    }
    return Optional.empty();
  }

  private static Optional<RuntimeException> refusal(Throwable cause, String remedy) {
    return Optional.of(
        new OperatorNeededException(
            "Kafka refuses what is to be published: " + cause.getMessage(), remedy, cause));
  }
}
