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

/** Tells what a failure of the consumer means for the assignment. */
final class AssignmentFailures {

  private AssignmentFailures() {}

  static RelayException classify(AssignmentSettings settings, Throwable failure) {
    if (failure instanceof FencedInstanceIdException) {
      return new OperatorNeededException(
          "another relay of group '%s' was started with the instance name '%s' and has taken its place"
              .formatted(settings.group(), settings.instance().orElse("")),
          "give every relay an instance name of its own, then restart this one",
          failure);
    }
    if (failure instanceof AuthorizationException) {
      return refused(settings, failure, "allow READ on this group and on this topic");
    }
    if (failure instanceof AuthenticationException) {
      return refused(settings, failure, "put the credentials among the kafka properties right");
    }
    if (failure instanceof InconsistentGroupProtocolException) {
      return refused(
          settings, failure, "stop whatever else uses this consumer group; it is the relays' own");
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
