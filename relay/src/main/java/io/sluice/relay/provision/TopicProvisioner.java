package io.sluice.relay.provision;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics that are missing. Those that exist keep their settings. Thread-safe. */
public final class TopicProvisioner {

  private static final long TIMEOUT_SECONDS = 30;

  /** Compaction leaves the newest segment alone; small ones keep what is read at start small. */
  private static final Map<String, String> COMPACTED =
      Map.of(
          TopicConfig.CLEANUP_POLICY_CONFIG,
          TopicConfig.CLEANUP_POLICY_COMPACT,
          TopicConfig.SEGMENT_BYTES_CONFIG,
          Integer.toString(16 << 20));

  /** A table's definition is needed for as long as the shard exists. */
  private static final Map<String, String> KEPT_FOR_EVER =
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

  NewTopic domainTopic(String name, TopicSettings settings) {
    return topic(
        name,
        settings.partitions(),
        Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(settings.maxMessageBytes()),
            // A record bears its row's created_at, which is for the writer to answer for.
            TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG,
            Long.toString(Long.MAX_VALUE)));
  }

  /**
   * With three replicas a commit is to be on two of them: an event and its position are in
   * different partitions, and one must not survive the loss of a broker without the other.
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

  NewTopic historyTopic(String name) {
    return topic(name, 1, KEPT_FOR_EVER);
  }

  void create(List<NewTopic> topics) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      admin.createTopics(topics).values().forEach(TopicProvisioner::awaitCreated);
    }
  }

  private static void awaitCreated(String name, KafkaFuture<Void> created) {
    try {
      await("topic " + name + " could not be created", created);
    } catch (TransientException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /** All topics there are. */
  Set<String> names() {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      return await("topics could not be listed", admin.listTopics().names());
    }
  }

  /** Deletes a topic, if it is there. */
  void delete(String topic) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      await("topic " + topic + " could not be deleted", admin.deleteTopics(List.of(topic)).all());
    } catch (TransientException e) {
      if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
        throw e;
      }
    }
  }

  /** Adds partitions so that there are at least this many. */
  void growTo(String topic, int partitions) {
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      int present =
          await(
                  "topic " + topic + " could not be described",
                  admin.describeTopics(List.of(topic)).topicNameValues().values().iterator().next())
              .partitions()
              .size();
      if (present < partitions) {
        await(
            "topic %s could not be given %d partitions".formatted(topic, partitions),
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all());
      }
    }
  }

  private static <T> T await(String problem, KafkaFuture<T> future) {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof InvalidReplicationFactorException) {
        throw new OperatorNeededException(
            problem + ": " + e.getCause().getMessage(),
            "set topics.replication-factor to no more than there are brokers",
            e);
      }
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw new TransientException(
            problem + ": no broker answers at kafka.bootstrap.servers", e.getCause());
      }
      throw new TransientException(problem + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new TransientException(problem + " within %d s".formatted(TIMEOUT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException(problem + ": interrupted", e);
    }
  }
}
