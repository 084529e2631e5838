package io.sluice.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the records that the relay would write for rows, with a plain producer. */
final class StageRelay {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Producer<byte[], byte[]> producer;
  private final String brokers;
  private final StageTopics topics;

  StageRelay(Producer<byte[], byte[]> producer, String brokers, StageTopics topics) {
    this.producer = producer;
    this.brokers = brokers;
    this.topics = topics;
  }

  void relay(ShardId shard, OutboxEvent event, int partition) throws Exception {
    send(record(shard, event, partition));
  }

  void relayAll(ShardId shard, List<OutboxEvent> events, int partition) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (OutboxEvent event : events) {
      sent.add(producer.send(record(shard, event, partition)));
    }
    for (Future<RecordMetadata> each : sent) {
      each.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  /** Sends the record of an event that this transaction wrote. */
  void relay(ShardId shard, OutboxEvent event, String transaction) throws Exception {
    ProducerRecord<byte[], byte[]> record = record(shard, event, 0);
    record.headers().remove(RecordHeaders.POSITION);
    record.headers().add(RecordHeaders.POSITION, (transaction + ":1").getBytes(UTF_8));
    send(record);
  }

  /** Sends the records of two events of the first shard, the first in an aborted transaction. */
  void relayInTransactions(OutboxEvent aborted, OutboxEvent committed, int partition)
      throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", brokers, "transactional.id", topics.groupPrefix() + "relay");
    try (Producer<byte[], byte[]> relay =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      relay.initTransactions();
      relay.beginTransaction();
      relay.send(record(Stage.ONE, aborted, partition)).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      relay.abortTransaction();
      relay.beginTransaction();
      relay
          .send(record(Stage.ONE, committed, partition))
          .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
      relay.commitTransaction();
    }
  }

  void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    producer.send(record).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private ProducerRecord<byte[], byte[]> record(ShardId shard, OutboxEvent event, int partition) {
    String payload = ((EventPayload.Json) event.payload()).text();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.topic(event.domain()),
            partition,
            event.createdAt().toEpochMilli(),
            event.aggregateId().getBytes(UTF_8),
            payload.getBytes(UTF_8));
    Map.of(
            RecordHeaders.ID, event.id().toString(),
            RecordHeaders.EVENT_TYPE, event.eventType(),
            RecordHeaders.AGGREGATE_TYPE, event.aggregateType(),
            RecordHeaders.AGGREGATE_ID, event.aggregateId(),
            RecordHeaders.DOMAIN, event.domain().name(),
            RecordHeaders.SHARD, shard.value(),
            RecordHeaders.MAX_RETRIES, Integer.toString(event.maxRetries()),
            RecordHeaders.POSITION, "0-0-0-0-0:1:1")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    event
        .headers()
        .values()
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }
}
