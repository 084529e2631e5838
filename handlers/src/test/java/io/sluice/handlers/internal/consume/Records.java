package io.sluice.handlers.internal.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** Records of the topic {@value #TOPIC}, as the relay writes them. */
final class Records {

  static final String TOPIC = "outbox.event.chat";
  static final long TIMESTAMP = 1_790_000_000_123L;

  private Records() {}

  static ConsumerRecord<byte[], byte[]> event(String id, int partition, long offset) {
    return event(id, "7", partition, offset);
  }

  static ConsumerRecord<byte[], byte[]> event(String id, String room, int partition, long offset) {
    return record(headers(id, room), "{\"n\":1.00}".getBytes(UTF_8), partition, offset);
  }

  static ConsumerRecord<byte[], byte[]> withoutValue(String id, int partition, long offset) {
    return record(headers(id, "7"), null, partition, offset);
  }

  static ConsumerRecord<byte[], byte[]> foreign(int partition, long offset) {
    return record(new RecordHeaders(), new byte[0], partition, offset);
  }

  private static Headers headers(String id, String room) {
    RecordHeaders headers = new RecordHeaders();
    Map.of(
            "id", id,
            "eventType", "message_sent",
            "aggregateType", "room",
            "aggregateId", room,
            "outbox-domain", "CHAT",
            "outbox-shard", "shard-1",
            "outbox-max-retries", "3",
            "outbox-position", "x:1")
        .forEach((name, value) -> headers.add(name, value.getBytes(UTF_8)));
    return headers;
  }

  private static ConsumerRecord<byte[], byte[]> record(
      Headers headers, byte @Nullable [] value, int partition, long offset) {
    return new ConsumerRecord<>(
        TOPIC,
        partition,
        offset,
        TIMESTAMP,
        TimestampType.CREATE_TIME,
        1,
        value == null ? 0 : value.length,
        "7".getBytes(UTF_8),
        value,
        headers,
        Optional.empty());
  }
}
