package io.sluice.handlers.internal.deadletter;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private final SettableClock clock = new SettableClock();
  private final List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
  private final DeadLetterProducer producer =
      new DeadLetterProducer(
          () -> {
            MockProducer<byte[], byte[]> next = new MockProducer<>();
            producers.add(next);
            return next;
          },
          clock);
  private final List<Exception> answers = new CopyOnWriteArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(producer, any -> Optional.empty(), "test-letters-");

  @AfterEach
  void tearDown() {
    letters.close();
  }

  private static DeadLetter letter() {
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("1")
            .shard(ShardId.GLOBAL)
            .aggregate("room", "7")
            .payload("{}")
            .build();
    RecordOrigin origin =
        new RecordOrigin("chat", 0, 5, 1, TimestampType.CREATE_TIME, new RecordHeaders());
    return new DeadLetter(event, origin, new IllegalStateException("as if"), "group");
  }

  @Test
  void aProducerThatRefusesIsReplaced() throws Exception {
    KafkaException fatal = new KafkaException("in an error state");
    producer.current();
    producers.get(0).sendException = fatal;
    clock.advance(Duration.ofSeconds(5));

    letters.send(letter(), answers::add);
    until("answered", () -> answers.size() == 1);

    assertSame(fatal, answers.get(0));
    assertSame(producer.current(), producers.get(1));
    assertEquals(2, producers.size());
    until("the first is closed", producers.get(0)::closed);
  }

  @Test
  void anErrorOfThePayloadsSourceIsAnswered() throws Exception {
    NoClassDefFoundError error = new NoClassDefFoundError("as if");
    try (DeadLetters failing =
        new DeadLetters(
            producer,
            any -> {
              throw error;
            },
            "test-letters-")) {
      failing.sendWithPayloadOfRecord(letter(), answers::add);
      until("answered", () -> answers.size() == 1);
    }
    assertSame(error, answers.get(0).getCause());
  }

  @Test
  void theProducerSetsTheTimestampOfAnOldEventsLetter() {
    assertNull(letter().record().timestamp());
  }
}
