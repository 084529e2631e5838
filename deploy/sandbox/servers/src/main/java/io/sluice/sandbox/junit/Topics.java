package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.api.CleanUpException;
import io.sluice.sandbox.server.process.Await;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The topics of a test class. Each call creates and closes an admin client, so the caller has
 * nothing to close.
 *
 * @param bootstrapServers the address of the cluster
 * @param prefix the prefix of all topics of the class
 */
public record Topics(String bootstrapServers, String prefix) {
  private static final Duration BOUND = Duration.ofSeconds(30);

  /**
   * Creates a topic and waits until clients see it.
   *
   * @param name the name after the prefix
   * @return the whole name
   */
  public String create(String name, int partitions) {
    return create(name, partitions, Map.of());
  }

  /**
   * Creates a topic with settings, for example {@code cleanup.policy}, and waits until clients see
   * it.
   *
   * @param name the name after the prefix
   * @return the whole name
   */
  public String create(String name, int partitions, Map<String, String> settings) {
    String topic = prefix + name;
    try (Admin admin = admin()) {
      NewTopic wanted = new NewTopic(topic, partitions, (short) 1).configs(settings);
      await(admin.createTopics(List.of(wanted)).all(), "making topic " + topic);
      if (!Await.until(BOUND, () -> partitions == visiblePartitions(admin, topic))) {
        throw new CleanUpException(
            "Topic " + topic + " is not seen " + BOUND + " after it was made", null);
      }
    }
    return topic;
  }

  /**
   * Deletes every topic whose name begins with the prefix and waits until the topics no longer
   * exist.
   */
  void drop() {
    try (Admin admin = admin()) {
      List<String> mine = mine(admin);
      if (mine.isEmpty()) {
        return;
      }
      await(admin.deleteTopics(mine).all(), "deleting topics " + mine);
      if (!Await.until(BOUND, () -> mine(admin).isEmpty())) {
        throw new CleanUpException(
            "Topics " + mine(admin) + " are still there " + BOUND + " after they were deleted",
            null);
      }
    }
  }

  private List<String> mine(Admin admin) {
    return await(admin.listTopics().names(), "listing topics").stream()
        .filter(topic -> topic.startsWith(prefix))
        .toList();
  }

  private static int visiblePartitions(Admin admin, String topic) {
    try {
      return await(admin.describeTopics(List.of(topic)).allTopicNames(), "describing " + topic)
          .values()
          .stream()
          .mapToInt(description -> description.partitions().size())
          .sum();
    } catch (CleanUpException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return 0;
      }
      throw e;
    }
  }

  private Admin admin() {
    return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
  }

  private static <T> T await(KafkaFuture<T> future, String step) {
    try {
      return future.get(BOUND.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new CleanUpException("Kafka refused " + step + ": " + e.getCause(), e.getCause());
    } catch (TimeoutException e) {
      throw new CleanUpException("Kafka took more than " + BOUND + " over " + step, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while " + step);
    }
  }
}
