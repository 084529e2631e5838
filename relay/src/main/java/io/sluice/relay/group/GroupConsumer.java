package io.sluice.relay.group;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the relay a member of its group, by a consumer that reads no records: its partitions stand
 * for shards. Used by one thread.
 */
final class GroupConsumer implements AutoCloseable {

  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(6);

  private static final Logger LOG = LoggerFactory.getLogger(GroupConsumer.class);
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofMillis(1_500);

  /** Limits the time after which new partitions of the topic are assigned. */
  private static final Duration METADATA_MAX_AGE = Duration.ofSeconds(5);

  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration API_TIMEOUT = Duration.ofSeconds(10);

  /** Longer than the longest release; the other members wait this long for this one to rejoin. */
  private static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(45);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CONFIRM_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  /** Metrics with the seconds since a contact; negative before the first. */
  private static final Set<String> CONTACTS =
      Set.of("last-heartbeat-seconds-ago", "last-rebalance-seconds-ago");

  private final String topic;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /** States that Kafka has stored since this relay acquired their partitions. */
  private final Map<Integer, String> stored = new HashMap<>();

  private boolean committing;

  private GroupConsumer(String topic, KafkaConsumer<byte[], byte[]> consumer) {
    this.topic = topic;
    this.consumer = consumer;
  }

  /** Joins the group with the first poll. */
  static GroupConsumer open(AssignmentSettings settings, OwnedPartitions owned) {
    LOG.info("joining group '{}' as '{}'", settings.group(), settings.name());
    GroupConsumer member =
        new GroupConsumer(settings.topic(), new KafkaConsumer<>(properties(settings)));
    member.consumer.subscribe(List.of(settings.topic()), member.new Rebalances(owned));
    return member;
  }

  private static Map<String, Object> properties(AssignmentSettings settings) {
    Map<String, Object> fixed = new HashMap<>();
    fixed.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
    fixed.put(ConsumerConfig.CLIENT_ID_CONFIG, settings.name());
    // With the newer protocol the broker sets the session timeout: 45 s unless reconfigured.
    fixed.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    fixed.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        List.of(CooperativeStickyAssignor.class));
    fixed.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, millis(SESSION_TIMEOUT));
    fixed.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, millis(HEARTBEAT_INTERVAL));
    fixed.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, millis(MAX_POLL_INTERVAL));
    fixed.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, millis(METADATA_MAX_AGE));
    fixed.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis(REQUEST_TIMEOUT));
    fixed.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis(API_TIMEOUT));
    fixed.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    fixed.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    fixed.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    fixed.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    fixed.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.instance().ifPresent(name -> fixed.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, name));
    return settings.kafka().with(fixed);
  }

  private static int millis(Duration duration) {
    return Math.toIntExact(duration.toMillis());
  }

  void poll() {
    consumer.poll(POLL);
  }

  /**
   * Whether this relay is a member that has contact with the group's coordinator. The consumer
   * itself raises no error while the brokers are away, however long. Any thread may call it.
   */
  boolean isInContact() {
    return consumer.metrics().values().stream()
        .filter(metric -> CONTACTS.contains(metric.metricName().name()))
        .mapToDouble(metric -> metric.metricValue() instanceof Double seconds ? seconds : -1)
        .anyMatch(seconds -> seconds >= 0 && seconds <= SESSION_TIMEOUT.toSeconds() * 2);
  }

  /** Sends the states that Kafka does not have yet, unless a commit is still in flight. */
  void publish(Map<Integer, String> states) {
    Map<Integer, String> changed = new HashMap<>(states);
    changed.entrySet().removeAll(stored.entrySet());
    if (committing || changed.isEmpty()) {
      return;
    }
    committing = true;
    consumer.commitAsync(
        offsets(changed),
        (offsets, failure) -> {
          committing = false;
          if (failure == null) {
            stored.putAll(changed);
          } else {
            LOG.debug("states {} not stored, will be retried", changed, failure);
          }
        });
  }

  /**
   * Asks Kafka whether this relay is still a member, by a commit: only members may commit.
   *
   * @param states of all partitions that this relay considers its own
   */
  boolean isConfirmed(Map<Integer, String> states) {
    try {
      consumer.commitSync(offsets(states), CONFIRM_TIMEOUT);
      return true;
    } catch (CommitFailedException | RebalanceInProgressException | TimeoutException e) {
      LOG.debug("membership not confirmed", e);
      return false;
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> offsets(Map<Integer, String> states) {
    return states.entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> new TopicPartition(topic, entry.getKey()),
                entry -> new OffsetAndMetadata(0, entry.getValue())));
  }

  /** Leaves the group, except as a static member, whose partitions stay reserved for it. */
  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
  }

  /** Called by the consumer while it polls or closes. */
  private final class Rebalances implements ConsumerRebalanceListener {

    private final OwnedPartitions owned;

    Rebalances(OwnedPartitions owned) {
      this.owned = owned;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      // An explicit position saves the consumer from looking one up.
      partitions.forEach(partition -> consumer.seek(partition, 0));
      consumer.pause(partitions);
      owned.acquire(numbers(partitions));
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      stored.keySet().removeAll(numbers(partitions));
      owned.release(numbers(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      stored.keySet().removeAll(numbers(partitions));
      owned.lose(numbers(partitions));
    }

    private List<Integer> numbers(Collection<TopicPartition> partitions) {
      return partitions.stream().map(TopicPartition::partition).toList();
    }
  }
}
