package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class AssignmentFailuresTest {

  private static final AssignmentSettings SETTINGS =
      TestRelay.settings("broker:9092", "sluice", Optional.of("a"));

  @Test
  void permanentFailuresNeedAnOperator() {
    assertNeedsOperator(new FencedInstanceIdException("x"), "instance name 'a'");
    assertNeedsOperator(GroupAuthorizationException.forGroupId("sluice.relays"), "allow READ");
    assertNeedsOperator(new TopicAuthorizationException("sluice"), "allow READ");
    assertNeedsOperator(new SaslAuthenticationException("wrong"), "credentials");
    assertNeedsOperator(
        new InvalidSessionTimeoutException("x"), "group.min.session.timeout.ms of the brokers");
  }

  private static void assertNeedsOperator(KafkaException failure, String part) {
    RelayException found = AssignmentFailures.classify(SETTINGS, failure);
    assertEquals(OperatorNeededException.class, found.getClass());
    assertTrue(found.toString().contains(part), found.toString());
    assertTrue(found.toString().contains("group 'sluice.relays'"), found.toString());
  }

  @Test
  void otherFailuresAreTransient() {
    RelayException found = AssignmentFailures.classify(SETTINGS, new KafkaException("odd"));
    assertEquals(TransientException.class, found.getClass());
  }
}
