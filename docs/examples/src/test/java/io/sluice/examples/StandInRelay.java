package io.sluice.examples;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.TopicTemplate;
import io.sluice.repository.StoredEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the records that a relay would make, in transactions of Kafka as it does. */
public final class StandInRelay implements AutoCloseable {

  private final TopicTemplate topics;
  private final Producer<byte[], byte[]> producer;

  public StandInRelay(String bootstrapServers, TopicTemplate topics, String transactionalId) {
    this.topics = topics;
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "transactional.id", transactionalId);
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  /** Publishes events in one transaction. */
  public void publish(List<StoredEvent> events) {
    send(events);
    producer.commitTransaction();
  }

  /** Begins to publish events, and takes it back. */
  public void breakOff(List<StoredEvent> events) {
    send(events);
    producer.flush();
    producer.abortTransaction();
  }

  private void send(List<StoredEvent> events) {
    producer.beginTransaction();
    for (StoredEvent event : events) {
      var unused = producer.send(record(event));
    }
  }

  private ProducerRecord<byte[], byte[]> record(StoredEvent event) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.topic(event.domain()),
            null,
            event.createdAt().toEpochMilli(),
            event.aggregateId().getBytes(UTF_8),
            event.payload().bytes());
    Map<String, String> headers = new LinkedHashMap<>(event.headers().values());
    headers.put(RecordHeaders.ID, event.key().id());
    headers.put(RecordHeaders.EVENT_TYPE, event.eventType());
    headers.put(RecordHeaders.AGGREGATE_TYPE, event.aggregateType());
    headers.put(RecordHeaders.AGGREGATE_ID, event.aggregateId());
    headers.put(RecordHeaders.DOMAIN, event.domain().name());
    headers.put(RecordHeaders.SHARD, event.key().shard().value());
    headers.put(RecordHeaders.MAX_RETRIES, Integer.toString(event.delivery().maxRetries()));
    headers.put(RecordHeaders.POSITION, "0-0-0-0-0:1:1");
    headers.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(10));
  }
}
