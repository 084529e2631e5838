package io.sluice.relay.kafka;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates missing topics, and extends, lists and deletes topics. Existing topics keep their
 * settings. Thread-safe.
 */
public final class TopicAdmin {

  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);

  /**
   * Compaction skips the newest segment, so small segments limit the records to read at startup.
   * Brokers may have a policy against the size; the next one is tried then, and at last none.
   */
  private static final List<Integer> SEGMENT_BYTES = List.of(16 << 20, 64 << 20);

  private static final Map<String, String> COMPACTED =
      Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);

  private static final Map<String, String> UNLIMITED_RETENTION =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG, "-1",
          TopicConfig.RETENTION_BYTES_CONFIG, "-1");

  private final KafkaSettings kafka;
  private final short replicationFactor;

  public TopicAdmin(KafkaSettings kafka, short replicationFactor) {
    this.kafka = kafka;
    this.replicationFactor = replicationFactor;
  }

  /** State of a topic. */
  public sealed interface Topic {

    /**
     * The topic exists.
     *
     * @param maxMessageBytes maximum bytes of a record batch
     */
    record Open(int maxMessageBytes) implements Topic {

      /** Upper bound of the bytes that Kafka adds to the only record of a batch. */
      private static final int RECORD_OVERHEAD = 512;

      /** Maximum bytes of key, value and headers of a record. */
      public int maxRecordBytes() {
        return maxMessageBytes - RECORD_OVERHEAD;
      }
    }

    /**
     * Kafka rejects the topic's name.
     *
     * @param reason message of Kafka
     * @param remedy the action that the operator must take
     */
    record Refused(String reason, String remedy) implements Topic {
      public OperatorNeededException exception() {
        return new OperatorNeededException(reason, remedy);
      }
    }
  }

  /** Creates the topics that do not exist, to keep the newest record of each key. */
  public void createCompacted(Set<String> names) {
    for (int bytes : SEGMENT_BYTES) {
      Map<String, String> config = new HashMap<>(COMPACTED);
      config.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(bytes));
      try {
        createInternal(names, config);
        return;
      } catch (OperatorNeededException e) {
        LOG.info("topics {} cannot have segments of {} bytes: {}", names, bytes, e.problem());
        if (!TopicFailures.isAboutSettings(e.getCause())) {
          throw e;
        }
      }
    }
    createInternal(names, COMPACTED);
  }

  /**
   * Finds out which topics for events do not exist, and whether they could be created.
   *
   * @return the missing ones of these topics, with the reason why Kafka would refuse to create it
   */
  public Map<String, Optional<RelayException>> missing(
      Set<String> names, int partitions, int maxMessageBytes) {
    return missing(names, partitions, events(maxMessageBytes));
  }

  /** The same for topics of {@link #createCompacted}. */
  public Map<String, Optional<RelayException>> missingCompacted(Set<String> names) {
    return missing(names, 1, COMPACTED);
  }

  private Map<String, Optional<RelayException>> missing(
      Set<String> names, int partitions, Map<String, String> config) {
    Map<String, Optional<RelayException>> missing = new TreeMap<>();
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      create(admin, names, partitions, config, true)
          .forEach(
              (name, created) -> {
                try {
                  if (!awaitCreation(admin, name, created)) {
                    missing.put(name, Optional.empty());
                  }
                } catch (RelayException e) {
                  missing.put(name, Optional.of(e));
                }
              });
    }
    return missing;
  }

  /** Creates a topic that keeps all records, if it does not exist. */
  public void createUnlimited(String name) {
    createInternal(Set.of(name), UNLIMITED_RETENTION);
  }

  private void createInternal(Set<String> names, Map<String, String> config) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      create(admin, names, 1, config, false)
          .forEach((name, created) -> awaitCreation(admin, name, created));
    }
  }

  /**
   * Creates the topics for events that do not exist.
   *
   * @param maxMessageBytes maximum bytes of a record batch, also for existing topics that accept
   *     more, and for topics whose settings the relay may not read
   * @return state of each topic
   */
  public Map<String, Topic> open(Set<String> names, int partitions, int maxMessageBytes) {
    Map<String, Topic> topics = new HashMap<>();
    Set<String> existing = new HashSet<>();
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      create(admin, names, partitions, events(maxMessageBytes), false)
          .forEach(
              (name, created) -> {
                try {
                  if (awaitCreation(admin, name, created)) {
                    existing.add(name);
                  }
                  topics.put(name, new Topic.Open(maxMessageBytes));
                } catch (OperatorNeededException e) {
                  topics.put(name, refused(e));
                }
              });
      admin
          .topicSettings(existing)
          .forEach((name, settings) -> topics.put(name, open(settings, maxMessageBytes)));
    }
    return topics;
  }

  private static Map<String, String> events(int maxMessageBytes) {
    return Map.of(
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
        Integer.toString(maxMessageBytes),
        // The timestamp is by the relay's clock, which may be ahead of the brokers'.
        TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
        Long.toString(Long.MAX_VALUE));
  }

  private static Topic refused(OperatorNeededException failure) {
    if (TopicFailures.isAboutName(failure.getCause())) {
      return new Topic.Refused(failure.problem(), failure.remedy());
    }
    throw failure;
  }

  private static Topic open(Optional<Map<String, String>> settings, int maxMessageBytes) {
    return new Topic.Open(
        settings
            .map(known -> known.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
            .map(limit -> Math.min(Integer.parseInt(limit), maxMessageBytes))
            .orElse(maxMessageBytes));
  }

  /**
   * Requests the creation of topics. With three replicas, a commit must be on two of them: an event
   * and its position are in different partitions, and the loss of a broker must not remove only one
   * of them.
   */
  private Map<String, KafkaFuture<Void>> create(
      KafkaAdmin admin,
      Set<String> names,
      int partitions,
      Map<String, String> config,
      boolean isRehearsal) {
    Map<String, String> all = new HashMap<>(config);
    if (replicationFactor >= 3) {
      all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    List<NewTopic> topics =
        names.stream()
            .map(name -> new NewTopic(name, partitions, replicationFactor).configs(all))
            .toList();
    CreateTopicsOptions options = new CreateTopicsOptions().validateOnly(isRehearsal);
    return admin.send(client -> client.createTopics(topics, options)).values();
  }

  /**
   * Waits for the creation of a topic.
   *
   * @return whether the topic already existed
   */
  private static boolean awaitCreation(KafkaAdmin admin, String name, KafkaFuture<Void> created) {
    try {
      await("topic " + name + " could not be created", created);
      return false;
    } catch (RelayException e) {
      // Kafka checks the permission before it checks whether the topic exists.
      if (e.getCause() instanceof TopicExistsException
          || (e.getCause() instanceof AuthorizationException && exists(admin, name))) {
        return true;
      }
      throw e;
    }
  }

  private static boolean exists(KafkaAdmin admin, String name) {
    try {
      describe(admin, name);
      return true;
    } catch (RelayException e) {
      return false;
    }
  }

  private static TopicDescription describe(KafkaAdmin admin, String name) {
    return await(
        "topic " + name + " could not be described",
        admin
            .send(client -> client.describeTopics(Set.of(name)))
            .topicNameValues()
            .values()
            .iterator()
            .next());
  }

  /** Names of all topics. */
  public Set<String> names() {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      return await("topics could not be listed", admin.send(client -> client.listTopics()).names());
    }
  }

  /** Deletes a topic if it exists. */
  public void delete(String topic) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      await(
          "topic " + topic + " could not be deleted",
          admin.send(client -> client.deleteTopics(Set.of(topic))).all());
    } catch (TransientException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  /** Adds partitions up to this number. */
  public void growTo(String topic, int partitions) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      if (describe(admin, topic).partitions().size() < partitions) {
        Map<String, NewPartitions> increase = Map.of(topic, NewPartitions.increaseTo(partitions));
        await(
            "topic %s could not be extended to %d partitions".formatted(topic, partitions),
            admin.send(client -> client.createPartitions(increase)).all());
      }
    }
  }

  private static <T> T await(String problem, KafkaFuture<T> answer) {
    try {
      return KafkaAdmin.await(problem, answer);
    } catch (TransientException e) {
      throw TopicFailures.of(problem, e);
    }
  }
}
