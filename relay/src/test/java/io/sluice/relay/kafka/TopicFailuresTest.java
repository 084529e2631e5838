package io.sluice.relay.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class TopicFailuresTest {

  @Test
  void permanentFailuresNeedAnOperator() {
    for (Exception cause :
        new Exception[] {
          new InvalidTopicException("no"),
          new PolicyViolationException("no"),
          new InvalidConfigurationException("no"),
          new TopicAuthorizationException("no")
        }) {
      RelayException failure =
          TopicFailures.of("topic t could not be created", new TransientException("", cause));
      assertInstanceOf(OperatorNeededException.class, failure, cause.toString());
      assertTrue(
          String.valueOf(failure.getMessage()).startsWith("topic t could not be created: no"));
      assertEquals(cause, failure.getCause());
    }
  }

  @Test
  void otherFailuresAreTransient() {
    assertInstanceOf(
        TransientException.class,
        TopicFailures.of("p", new TransientException("", new NotControllerException("moved"))));
  }
}
