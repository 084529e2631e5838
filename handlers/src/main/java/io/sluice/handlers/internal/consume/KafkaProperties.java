package io.sluice.handlers.internal.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The caller's Kafka properties, combined with those of the runtime. The runtime owns some
 * properties, which the caller must not set. Others are defaults that the caller may override.
 */
public final class KafkaProperties {

  // Other values lose events or deliver uncommitted ones.
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

  private static final Set<String> OF_GROUPS =
      Set.of(
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

  /** The limit for dead letters. Effectively, the limit of their topic applies. */
  private static final int MAX_REQUEST_BYTES = 128 * 1024 * 1024;

  private final Map<String, Object> given;

  public KafkaProperties(Map<String, ?> given) {
    this.given = Collections.unmodifiableMap(new HashMap<>(given));
  }

  /** The problems of the caller's properties, one sentence each. */
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
    if (given.containsKey(ProducerConfig.TRANSACTIONAL_ID_CONFIG)) {
      problems.add(
          "kafka property 'transactional.id' is set: dead letters are not sent in transactions, and"
              + " could not be sent at all; remove it");
    }
    given.keySet().stream()
        .filter(key -> !isKnown(key))
        .sorted()
        .map(
            "kafka property '%s' is not a property of Kafka's clients: correct its name"::formatted)
        .forEach(problems::add);
    return problems.isEmpty() ? refusedByKafka() : problems;
  }

  private static boolean isKnown(String property) {
    return ConsumerConfig.configNames().contains(property)
        || ProducerConfig.configNames().contains(property)
        || AdminClientConfig.configNames().contains(property);
  }

  private List<String> refusedByKafka() {
    if (given.get(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG) == null) {
      return List.of("kafka property 'bootstrap.servers' is missing: give the brokers' addresses");
    }
    try {
      ConsumerConfig.configDef().parse(forGroup("any"));
      // The parser does not detect settings that contradict idempotence.
      new ProducerConfig(forDeadLetters(Duration.ofSeconds(1)));
      return List.of();
    } catch (ConfigException e) {
      return List.of("kafka properties are refused by the client: " + e.getMessage());
    }
  }

  /** Creates a consumer of this group. */
  public Consumer<byte[], byte[]> consumer(String group) {
    return new KafkaConsumer<>(forGroup(group));
  }

  /** Creates a consumer without a group, which reads single records for this group. */
  public Consumer<byte[], byte[]> reader(String group) {
    return new KafkaConsumer<>(forReader(group));
  }

  Map<String, Object> forReader(String group) {
    // Client ids are names of metrics, so each domain needs its own.
    Map<String, Object> properties = forGroup(group + ".reader");
    properties.keySet().removeAll(OF_GROUPS);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    return properties;
  }

  /** Closes a consumer by the only such method that clients before 4.1 have. */
  @SuppressWarnings("deprecation")
  static void close(Consumer<byte[], byte[]> consumer, Duration timeout) {
    consumer.close(timeout);
  }

  /**
   * Returns the properties of the dead letter producer.
   *
   * @param longestBlock the maximum time to wait for brokers and topic metadata
   */
  public Map<String, Object> forDeadLetters(Duration longestBlock) {
    Map<String, Object> properties = new HashMap<>(given);
    // Only connection settings apply to both clients. The rest is for consumers.
    properties.keySet().retainAll(ProducerConfig.configNames());
    properties.keySet().removeIf(KafkaProperties::isOfOneClient);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 2L * MAX_REQUEST_BYTES);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, longestBlock.toMillis());
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }

  private static boolean isOfOneClient(String property) {
    return property.equals(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG)
        || property.equals(ProducerConfig.CLIENT_ID_CONFIG);
  }

  Map<String, Object> forGroup(String group) {
    Map<String, Object> properties = new HashMap<>(given);
    if (!isNewProtocol()) {
      // With this assignor, a rebalance stops only the partitions that change owner.
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
