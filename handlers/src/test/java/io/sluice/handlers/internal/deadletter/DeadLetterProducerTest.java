package io.sluice.handlers.internal.deadletter;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class DeadLetterProducerTest {

  private final Exception fatal = new ClusterAuthorizationException("as if");

  private Instant now = Instant.EPOCH;
  private final DeadLetterProducer producers =
      new DeadLetterProducer(() -> new MockProducer<byte[], byte[]>(), () -> now);

  private MockProducer<byte[], byte[]> current() {
    return (MockProducer<byte[], byte[]>) producers.current();
  }

  @Test
  void oneThatHasFailedForGoodIsFollowedByAnother() throws Exception {
    MockProducer<byte[], byte[]> first = current();
    now = now.plusSeconds(5);
    producers.failed(first, fatal);

    assertNotSame(first, current());
    until("the first is closed", first::closed);
    assertFalse(current().closed());
  }

  @Test
  void whatPassesOrConcernsALetterIsNoReasonForAnother() {
    MockProducer<byte[], byte[]> first = current();
    now = now.plusSeconds(5);

    producers.failed(first, new TimeoutException("as if"));
    producers.failed(first, new RecordTooLargeException("as if"));
    producers.failed(first, new TopicAuthorizationException("as if"));

    assertSame(first, current());
  }

  @Test
  void producersDoNotFollowOneAnotherWithoutPause() {
    MockProducer<byte[], byte[]> first = current();

    producers.failed(first, fatal);

    assertSame(first, current());
  }

  @Test
  void whatAFormerOneHadLeftDoesNotEndTheNext() {
    MockProducer<byte[], byte[]> first = current();
    now = now.plusSeconds(5);
    producers.failed(first, fatal);
    MockProducer<byte[], byte[]> second = current();
    now = now.plusSeconds(5);

    producers.failed(first, fatal);

    assertSame(second, current());
  }

  @Test
  void thereIsNoneAfterTheEnd() {
    current();

    producers.close(Duration.ofSeconds(1));

    assertThrows(IllegalStateException.class, producers::current);
  }
}
