package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.TopicKeeper.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.TransientException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates missing topics. Existing topics keep their settings. Thread-safe. */
public final class TopicProvisioner {

  /**
   * Compaction skips the newest segment, so small segments limit the records to read at startup.
   */
  private static final Map<String, String> COMPACTED =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(16 << 20));

  /** Table definitions are needed as long as the shard exists. */
  private static final Map<String, String> UNLIMITED_RETENTION =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
          TopicConfig.RETENTION_MS_CONFIG, "-1",
          TopicConfig.RETENTION_BYTES_CONFIG, "-1");

  private final KafkaSettings kafka;
  private final short replicationFactor;

  public TopicProvisioner(KafkaSettings kafka, short replicationFactor) {
    this.kafka = kafka;
    this.replicationFactor = replicationFactor;
  }

  private NewTopic domainTopic(String name, TopicSettings settings) {
    return topic(
        name,
        settings.partitions(),
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(settings.maxMessageBytes()),
            // The timestamp of a record is the row's created_at, which the service writes.
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
            Long.toString(Long.MAX_VALUE)));
  }

  /**
   * With three replicas, a commit must be on two of them. An event and its position are in
   * different partitions, and the loss of a broker must not remove only one of them.
   */
  private NewTopic topic(String name, int partitions, Map<String, String> config) {
    Map<String, String> all = new HashMap<>(config);
    if (replicationFactor >= 3) {
      all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    return new NewTopic(name, partitions, replicationFactor).configs(all);
  }

  NewTopic compactedTopic(String name) {
    return topic(name, 1, COMPACTED);
  }

  public NewTopic historyTopic(String name) {
    return topic(name, 1, UNLIMITED_RETENTION);
  }

  /** Creates the topics that do not exist. */
  public void create(List<NewTopic> topics) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      admin
          .send(client -> client.createTopics(topics))
          .values()
          .forEach((name, created) -> awaitCreation(admin, name, created));
    }
  }

  /**
   * Creates the domains' topics that do not exist.
   *
   * @return state of each topic
   */
  Map<String, Topic> open(Collection<String> names, TopicSettings settings) {
    Map<String, Topic> topics = new HashMap<>();
    Set<String> existing = new HashSet<>();
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      List<NewTopic> missing = names.stream().map(name -> domainTopic(name, settings)).toList();
      admin
          .send(client -> client.createTopics(missing))
          .values()
          .forEach(
              (name, created) -> {
                topics.put(name, opened(admin, name, created, settings, existing));
              });
      topics.putAll(TopicLimits.of(admin, existing, settings.maxMessageBytes()));
    }
    return topics;
  }

  private static Topic opened(
      KafkaAdmin admin,
      String name,
      KafkaFuture<Void> created,
      TopicSettings settings,
      Set<String> existing) {
    try {
      if (awaitCreation(admin, name, created)) {
        existing.add(name);
      }
      return new Topic.Open(settings.maxMessageBytes());
    } catch (OperatorNeededException e) {
      if (e.getCause() != null && TopicFailures.isAboutName(e.getCause())) {
        return new Topic.Refused(e.problem(), e.remedy());
      }
      throw e;
    }
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

  /** Names of all topics. */
  public Set<String> names() {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      return await("topics could not be listed", admin.send(client -> client.listTopics()).names());
    }
  }

  private static boolean exists(KafkaAdmin admin, String name) {
    try {
      await("topic " + name + " could not be described", describe(admin, name));
      return true;
    } catch (RelayException e) {
      return false;
    }
  }

  private static KafkaFuture<TopicDescription> describe(KafkaAdmin admin, String name) {
    return admin
        .send(client -> client.describeTopics(List.of(name)))
        .topicNameValues()
        .values()
        .iterator()
        .next();
  }

  /** Deletes a topic if it exists. */
  public void delete(String topic) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      await(
          "topic " + topic + " could not be deleted",
          admin.send(client -> client.deleteTopics(List.of(topic))).all());
    } catch (TransientException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  /** Adds partitions up to this number. */
  void growTo(String topic, int partitions) {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      int current =
          await("topic " + topic + " could not be described", describe(admin, topic))
              .partitions()
              .size();
      if (current < partitions) {
        await(
            "topic %s could not be extended to %d partitions".formatted(topic, partitions),
            admin
                .send(
                    client ->
                        client.createPartitions(
                            Map.of(topic, NewPartitions.increaseTo(partitions))))
                .all());
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
