package io.sluice.relay.group;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.TransientException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;

/** Classifies failures of the group's consumer: retry, or stop until an operator has acted. */
final class AssignmentFailures {

  private AssignmentFailures() {}

  static RelayException classify(AssignmentSettings settings, Throwable failure) {
    if (failure instanceof FencedInstanceIdException) {
      return new OperatorNeededException(
          "another relay of group '%s' was started with the instance name '%s' and has taken its place"
              .formatted(settings.group(), settings.instance().orElse("")),
          "give each relay a unique instance name, then restart this one",
          failure);
    }
    if (failure instanceof AuthorizationException) {
      return refused(settings, failure, "allow READ on this group and on this topic");
    }
    if (failure instanceof AuthenticationException) {
      return refused(settings, failure, "correct the credentials in the kafka properties");
    }
    if (failure instanceof InconsistentGroupProtocolException) {
      return refused(
          settings,
          failure,
          "stop the other consumers of this group; only relays may be members of it");
    }
    if (failure instanceof InvalidSessionTimeoutException) {
      return refused(
          settings,
          failure,
          "set group.min.session.timeout.ms of the brokers to %d or less"
              .formatted(GroupConsumer.SESSION_TIMEOUT.toMillis()));
    }
    return new TransientException(
        "the assignment of shards in group '%s' failed: %s"
            .formatted(settings.group(), RootCause.of(failure)),
        failure);
  }

  private static OperatorNeededException refused(
      AssignmentSettings settings, Throwable failure, String remedy) {
    return new OperatorNeededException(
        "Kafka does not let this relay join group '%s' over topic '%s': %s"
            .formatted(settings.group(), settings.topic(), failure.getMessage()),
        remedy,
        failure);
  }
}
