package io.sluice.handlers.internal.deadletter;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private final MockProducer<byte[], byte[]> producer = new MockProducer<>();
  private final List<Exception> told = new CopyOnWriteArrayList<>();
  private final List<Exception> answers = new CopyOnWriteArrayList<>();
  private final DeadLetters letters =
      new DeadLetters(
          new LetterProducers() {
            @Override
            public Producer<byte[], byte[]> current() {
              return producer;
            }

            @Override
            public void failed(Producer<byte[], byte[]> failing, Exception failure) {
              told.add(failure);
            }
          },
          "test-letters-");

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
  void aProducerThatRefusesIsToldOf() throws Exception {
    producer.sendException = new KafkaException("in an error state");

    letters.send(letter(), answers::add);
    until("answered", () -> answers.size() == 1);

    assertEquals(answers, told);
  }

  @Test
  void anOldEventsLetterBearsThePresentAsItsTime() {
    assertNull(letter().record().timestamp(), "the producer sets it");
  }
}
