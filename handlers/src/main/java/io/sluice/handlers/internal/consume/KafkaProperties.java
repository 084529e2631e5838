package io.sluice.handlers.internal.consume;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The caller's Kafka properties with those the runtime answers for. Some are its own and refused in
 * the caller's; others are defaults that the caller may replace.
 */
public final class KafkaProperties {

  // Whoever changes one of these loses events or shows handlers what was never committed.
  private static final Map<String, Object> OWNED =
      Map.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          false,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "earliest",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class);

  /** Bounds what a partition holds in memory while its first event waits. */
  private static final int MAX_POLL_RECORDS = 100;

  private final Map<String, Object> given;

  public KafkaProperties(Map<String, ?> given) {
    this.given = Collections.unmodifiableMap(new HashMap<>(given));
  }

  /** What is wrong with the caller's properties, a sentence each. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (String key : given.keySet().stream().sorted().toList()) {
      if (OWNED.containsKey(key)) {
        problems.add(
            "kafka property '%s' is set: the runtime sets it itself, to %s; remove it"
                .formatted(key, OWNED.get(key)));
      }
    }
    if (given.containsKey(ConsumerConfig.GROUP_ID_CONFIG)) {
      problems.add(
          "kafka property 'group.id' is set: every domain has a group of its own; remove it and use"
              + " groupPrefix");
    }
    return problems.isEmpty() ? refusedByKafka() : problems;
  }

  private List<String> refusedByKafka() {
    if (given.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG) == null) {
      return List.of("kafka property 'bootstrap.servers' is missing: give the brokers' addresses");
    }
    try {
      ConsumerConfig.configDef().parse(forGroup("any"));
      return List.of();
    } catch (ConfigException e) {
      return List.of("kafka properties are refused by the client: " + e.getMessage());
    }
  }

  /** A new consumer of this group. */
  public Consumer<byte[], byte[]> consumer(String group) {
    return new KafkaConsumer<>(forGroup(group));
  }

  Map<String, Object> forGroup(String group) {
    Map<String, Object> properties = new HashMap<>(given);
    properties.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_POLL_RECORDS);
    if (!isNewProtocol()) {
      // A rebalance then stops only the partitions that change hands.
      properties.putIfAbsent(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    properties.merge(ConsumerConfig.CLIENT_ID_CONFIG, group, (own, domain) -> own + "." + domain);
    properties.putAll(OWNED);
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    return properties;
  }

  private boolean isNewProtocol() {
    Object protocol = given.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG);
    return protocol != null && "consumer".equalsIgnoreCase(protocol.toString());
  }
}
