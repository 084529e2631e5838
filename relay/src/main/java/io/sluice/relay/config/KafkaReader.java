package io.sluice.relay.config;

import io.sluice.relay.kafka.KafkaSettings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Reads the {@code kafka} section: properties of Kafka's clients by their names. */
final class KafkaReader {

  /** Properties that the relay sets, because its guarantees depend on them. */
  private static final Set<String> OWNED =
      Set.of(
          "transactional.id",
          "transaction.timeout.ms",
          "enable.idempotence",
          "acks",
          "max.block.ms",
          "delivery.timeout.ms",
          "request.timeout.ms",
          "linger.ms",
          "max.request.size",
          "key.serializer",
          "value.serializer",
          "key.deserializer",
          "value.deserializer",
          "isolation.level",
          "enable.auto.commit",
          "auto.offset.reset",
          "group.id",
          "group.instance.id",
          "partition.assignment.strategy",
          "group.protocol",
          "partitioner.class",
          "partitioner.ignore.keys",
          "interceptor.classes",
          "retries",
          "max.in.flight.requests.per.connection",
          "transaction.two.phase.commit.enable",
          "buffer.memory",
          "default.api.timeout.ms");

  private KafkaReader() {}

  static KafkaSettings read(Section section) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String name : section.names()) {
      section.optional(name, value -> value).ifPresent(value -> properties.put(name, value));
    }
    if (!properties.containsKey(KafkaSettings.BOOTSTRAP_SERVERS)) {
      section.problem(
          KafkaSettings.BOOTSTRAP_SERVERS, "is missing: name the brokers as host:port,host:port");
    }
    properties.keySet().forEach(name -> check(section, name));
    checkValues(section, properties);
    return new KafkaSettings(properties);
  }

  /** Lets Kafka validate the values; its exception names the first wrong one. */
  private static void checkValues(Section section, Map<String, String> properties) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putIfAbsent(KafkaSettings.BOOTSTRAP_SERVERS, "localhost:9092");
    all.put("key.serializer", ByteArraySerializer.class);
    all.put("value.serializer", ByteArraySerializer.class);
    all.put("key.deserializer", ByteArrayDeserializer.class);
    all.put("value.deserializer", ByteArrayDeserializer.class);
    try {
      for (AbstractConfig read :
          List.of(new AdminClientConfig(all), new ProducerConfig(all), new ConsumerConfig(all))) {
        read.ignore(KafkaSettings.BOOTSTRAP_SERVERS);
      }
    } catch (ConfigException e) {
      section.problem("(values)", String.valueOf(e.getMessage()));
    }
  }

  private static void check(Section section, String name) {
    if (OWNED.contains(name)) {
      section.problem(name, "is set by the relay itself: leave it out");
    } else if (!known().contains(name)) {
      section.problem(
          name,
          "is not a property of Kafka's clients%s: correct its name"
              .formatted(Spelling.hint(name, known())));
    }
  }

  private static Set<String> known() {
    Set<String> names = new TreeSet<>(ProducerConfig.configNames());
    names.addAll(ConsumerConfig.configNames());
    names.addAll(AdminClientConfig.configNames());
    return names;
  }
}
