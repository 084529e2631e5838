package io.sluice.bench.events;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topics of one publisher in one round.
 *
 * @param bootstrapServers the brokers
 * @param names one topic for each domain
 */
public record EventTopics(String bootstrapServers, List<String> names) {

  /** Partitions of each topic. */
  public static final int PARTITIONS = 12;

  /** The topics of a prefix and the domains as they are in the table. */
  public static EventTopics of(String bootstrapServers, String prefix) {
    return of(bootstrapServers, prefix, domain -> domain);
  }

  /** The topics of a prefix and the domains in lower case. */
  public static EventTopics lowerCase(String bootstrapServers, String prefix) {
    return of(bootstrapServers, prefix, domain -> domain.toLowerCase(Locale.ROOT));
  }

  private static EventTopics of(
      String bootstrapServers, String prefix, UnaryOperator<String> inName) {
    return new EventTopics(
        bootstrapServers,
        EventSeries.DOMAINS.stream().map(domain -> prefix + "." + inName.apply(domain)).toList());
  }

  /** Creates the topics that do not exist, so that no contender spends its time on that. */
  public void create() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      Set<String> existing = admin.listTopics().names().get();
      admin
          .createTopics(
              names.stream()
                  .filter(name -> !existing.contains(name))
                  .map(name -> new NewTopic(name, PARTITIONS, (short) 1))
                  .toList())
          .all()
          .get();
    }
  }

  /** Deletes the topics, so that the next round finds the same broker. */
  public void delete() throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin.deleteTopics(names).all().get();
    }
  }

  /** Opens a consumer of committed records at the beginning of all partitions. */
  public KafkaConsumer<byte[], byte[]> open(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers);
    all.put("isolation.level", "read_committed");
    List<TopicPartition> partitions = partitions();
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return consumer;
  }

  /** All partitions of the topics. */
  List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String name : names) {
      for (int i = 0; i < PARTITIONS; i++) {
        partitions.add(new TopicPartition(name, i));
      }
    }
    return partitions;
  }
}
