package io.sluice.handlers.internal.consume;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

  private final RecordReader reader = new RecordReader(EventDomain.CHAT);

  private String reasonFor(ConsumerRecord<byte[], byte[]> record) {
    return assertInstanceOf(RecordReader.Result.Foreign.class, reader.read(record)).reason();
  }

  private static ConsumerRecord<byte[], byte[]> with(String header, String value) {
    ConsumerRecord<byte[], byte[]> record = Records.event("1", 0, 0);
    record.headers().remove(header).add(header, value.getBytes(UTF_8));
    return record;
  }

  @Test
  void readsAnEvent() {
    ConsumerRecord<byte[], byte[]> record = Records.event("0199-1", 0, 17);
    record.headers().add("tenant", "acme".getBytes(UTF_8)).add("outbox-redrive", new byte[] {'1'});
    record
        .headers()
        .add("empty", null)
        .add("outbox-of-tomorrow", new byte[0])
        .add(" ", new byte[0]);

    HandledEvent event =
        assertInstanceOf(RecordReader.Result.Event.class, reader.read(record)).event();

    assertEquals(1, RecordOrigin.of(record).redrives());
    assertEquals("0199-1", event.id());
    assertEquals(ShardId.of("shard-1"), event.shard());
    assertEquals(EventDomain.CHAT, event.domain());
    assertEquals("message_sent", event.eventType());
    assertEquals("room", event.aggregateType());
    assertEquals("7", event.aggregateId());
    assertEquals(Instant.ofEpochMilli(Records.TIMESTAMP), event.createdAt());
    assertArrayEquals(record.value(), event.payloadBytes());
    assertEquals(Map.of("tenant", "acme"), event.headers().values());
  }

  /** A record that is published late has the time of its publication. */
  @Test
  void takesTheTimeOfCreationFromItsHeader() {
    ConsumerRecord<byte[], byte[]> record = Records.event("0199-1", 0, 0);
    record.headers().add("outbox-created-at", "2026-03-29T01:30:00.123456Z".getBytes(UTF_8));

    HandledEvent event =
        assertInstanceOf(RecordReader.Result.Event.class, reader.read(record)).event();

    assertEquals(Instant.parse("2026-03-29T01:30:00.123456Z"), event.createdAt());
    assertEquals(Map.of(), event.headers().values());
  }

  @Test
  void missesEveryHeaderThatARelaySets() {
    for (String name :
        new String[] {
          "id", "outbox-shard", "outbox-domain", "eventType", "aggregateType", "aggregateId"
        }) {
      ConsumerRecord<byte[], byte[]> record = Records.event("1", 0, 0);
      record.headers().remove(name);

      assertEquals("it has no header '%s'".formatted(name), reasonFor(record));
    }
  }

  @Test
  void wantsAValue() {
    assertEquals("it has no value", reasonFor(Records.withoutValue("1", 0, 0)));
  }

  @Test
  void wantsItsOwnDomain() {
    assertEquals("its header 'outbox-domain' is not CHAT", reasonFor(with("outbox-domain", "X")));
  }

  @Test
  void doesNotRepeatWhatAStrangerWrote() {
    assertEquals(
        "its header 'outbox-shard' is not the name of a shard",
        reasonFor(with("outbox-shard", "a\nb")));
    assertEquals(
        "its header 'id' is not 1 to 36 characters of ASCII", reasonFor(with("id", "1\n2")));
  }
}
