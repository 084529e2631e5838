package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads all event and dead-letter topics of a test from the beginning, as a consumer of committed
 * records, and compares their content with the committed events. Used by one thread.
 */
final class TopicAudit implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration TO_THE_END = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final Predicate<ConsumerRecord<String, byte[]>> isWanted;

  private TopicAudit(
      String bootstrapServers,
      KafkaConsumer<String, byte[]> consumer,
      Predicate<ConsumerRecord<String, byte[]>> isWanted) {
    this.bootstrapServers = bootstrapServers;
    this.consumer = consumer;
    this.isWanted = isWanted;
  }

  /** Opens the audit of a provisioned fixture. */
  static TopicAudit open(RelayFixture fixture) {
    return open(fixture, record -> true);
  }

  /** Opens an audit of one shard. */
  static TopicAudit open(RelayFixture fixture, int shard) {
    String id = fixture.source(shard).id().value();
    return open(fixture, record -> TopicReader.header(record, "outbox-shard").equals(id));
  }

  private static TopicAudit open(
      RelayFixture fixture, Predicate<ConsumerRecord<String, byte[]>> isWanted) {
    String servers = fixture.sandbox().kafka().bootstrapServers();
    String stray = fixture.config().identity().topics().deadLetters();
    KafkaConsumer<String, byte[]> consumer = consumer(servers, "read_committed");
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .listTopics()
        .forEach(
            (topic, infos) -> {
              if (topic.startsWith(fixture.eventTopics()) || topic.equals(stray)) {
                infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
              }
            });
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new TopicAudit(servers, consumer, isWanted);
  }

  private static KafkaConsumer<String, byte[]> consumer(String servers, String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            servers,
            "isolation.level",
            isolation,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            "false"),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The number of different events read so far. */
  int seen() {
    for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
      if (isWanted.test(record)) {
        records.add(record);
        ids.add(TopicReader.header(record, "id"));
      }
    }
    return ids.size();
  }

  /** Reads until this number of different events was found. */
  void awaitAny(int count, Duration bound) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (seen() < count) {
      if (System.nanoTime() - deadline > 0) {
        fail("%d of %d events are on the topics after %s".formatted(ids.size(), count, bound));
      }
    }
  }

  /** Reads until each event that is committed so far was found. */
  void await(Committed committed, Duration bound) {
    Set<String> missing = new HashSet<>();
    committed.byAggregate().values().forEach(missing::addAll);
    long deadline = System.nanoTime() + bound.toNanos();
    do {
      seen();
      missing.removeAll(ids);
      if (System.nanoTime() - deadline > 0) {
        fail("%d events are not on the topics after %s".formatted(missing.size(), bound));
      }
    } while (!missing.isEmpty());
  }

  /** The event's records in the order of reading. */
  List<ConsumerRecord<String, byte[]>> of(String id) {
    return records.stream().filter(record -> TopicReader.header(record, "id").equals(id)).toList();
  }

  /**
   * Reads to the end, and checks that the topics contain exactly the committed events, each once
   * and in the order of its aggregate's commits. Call it when no relay publishes any more.
   */
  void assertHolds(Committed committed) {
    readToEnd();
    Map<String, List<String>> expected = committed.byAggregate();
    Map<String, List<String>> actual = new TreeMap<>();
    records.forEach(
        record ->
            actual
                .computeIfAbsent(record.key(), key -> new ArrayList<>())
                .add(TopicReader.header(record, "id")));
    assertEquals("nothing", differences(expected, actual));
  }

  private static String differences(
      Map<String, List<String>> expected, Map<String, List<String>> actual) {
    StringBuilder text = new StringBuilder();
    Set<String> aggregates = new TreeSet<>(expected.keySet());
    aggregates.addAll(actual.keySet());
    for (String aggregate : aggregates) {
      List<String> wanted = expected.getOrDefault(aggregate, List.of());
      List<String> found = actual.getOrDefault(aggregate, List.of());
      if (!wanted.equals(found)) {
        text.append(difference(aggregate, wanted, found));
      }
    }
    return text.length() == 0 ? "nothing" : text.toString();
  }

  private static String difference(String aggregate, List<String> wanted, List<String> found) {
    Set<String> lost = new TreeSet<>(wanted);
    found.forEach(lost::remove);
    Set<String> foreign = new TreeSet<>(found);
    wanted.forEach(foreign::remove);
    int doubled = found.size() - new HashSet<>(found).size();
    return "%n%s: %d committed, %d found; lost %d, doubled %d, never committed %d%s"
        .formatted(
            aggregate,
            wanted.size(),
            found.size(),
            lost.size(),
            doubled,
            foreign.size(),
            lost.isEmpty() && doubled == 0 && foreign.isEmpty() ? ", in another order" : "");
  }

  private void readToEnd() {
    Map<TopicPartition, Long> ends;
    try (KafkaConsumer<String, byte[]> uncommitted =
        consumer(bootstrapServers, "read_uncommitted")) {
      ends = uncommitted.endOffsets(consumer.assignment());
    }
    long deadline = System.nanoTime() + TO_THE_END.toNanos();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      if (System.nanoTime() - deadline > 0) {
        fail("the topics could not be read to their ends %s within %s".formatted(ends, TO_THE_END));
      }
      seen();
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
