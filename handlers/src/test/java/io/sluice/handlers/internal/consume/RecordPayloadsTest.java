package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.deadletter.RecordOrigin;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordPayloadsTest {

  private final RememberingConsumer consumer = RememberingConsumer.withTopic();
  private final RecordPayloads payloads = new RecordPayloads(() -> consumer);

  @AfterEach
  void close() {
    payloads.close();
  }

  private Optional<byte[]> read(long offset) {
    return payloads.read(RecordOrigin.of(Records.event("a", 0, offset)));
  }

  @Test
  void readsTheRecord() {
    ConsumerRecord<byte[], byte[]> record = Records.event("a", 0, 5);
    consumer.schedulePollTask(() -> consumer.addRecord(record));
    assertEquals(record.value(), read(5).orElseThrow());
  }

  /** As if the record was deleted, and only markers of transactions follow it. */
  @Test
  void aDeletedRecordBehindWhichNothingIsReadableHasNoPayload() {
    consumer.schedulePollTask(() -> consumer.seek(P0, 7));
    assertTrue(read(5).isEmpty());
  }

  /** As with a topic that was created anew. */
  @Test
  void aRecordBehindTheEndHasNoPayload() {
    consumer.schedulePollTask(() -> consumer.seek(P0, 0));
    assertTrue(read(5).isEmpty());
  }
}
