package io.sluice.relay.publish;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class RoutingTest {

  private final OperatorNeededException tooLarge =
      new OperatorNeededException("refused", "fix it", new RecordTooLargeException("no"));

  private static Routing routing(Optional<String> change) {
    TopicDirectory topics =
        new TopicDirectory(
            TopicTemplate.DEFAULT, Domains.of(List.of(EventDomain.CHAT)), 1_000_000, "letters");
    return Routing.of(topics, RecordFormat.PLAIN, new KnownTopics(change));
  }

  /** Topics that exist, and whose limits may have been lowered. */
  private record KnownTopics(Optional<String> change) implements TopicKeeper {
    @Override
    public Topic look(String topic) {
      return new Topic.Open(1_000_000);
    }

    @Override
    public Topic lookAgain(String topic) {
      return look(topic);
    }

    @Override
    public Optional<String> lessThanKnown(Set<String> topics) {
      return change;
    }
  }

  @Test
  void aLoweredLimitIsTransient() {
    RelayException failure =
        routing(Optional.of("topic t now accepts 5 bytes")).judge(tooLarge, Set.of("t"));

    assertInstanceOf(TransientException.class, failure);
    assertTrue(String.valueOf(failure.getMessage()).contains("topic t now accepts 5 bytes"));
  }

  @Test
  void withoutALoweredLimitAnOperatorIsNeeded() {
    assertSame(tooLarge, routing(Optional.empty()).judge(tooLarge, Set.of("t")));
  }

  @Test
  void anyOtherFailureIsReturnedUnchanged() {
    OperatorNeededException other =
        new OperatorNeededException("refused", "fix it", new InvalidTimestampException("no"));

    assertSame(other, routing(Optional.of("changed")).judge(other, Set.of("t")));
  }
}
