package io.sluice.relay.record;

import io.sluice.relay.kafka.TopicAdmin;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.state.InternalTopics;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Creates the topics that all shards of a group share, and caches their limits. Thread-safe.
 *
 * <p>{@link #forget} clears the cache, for example after a failure, whose cause may be a deleted
 * topic.
 */
public final class TopicCatalog {

  /** Bounds the memory, because names may come from rows. */
  private static final int MAX_KNOWN = 10_000;

  private final InternalTopics internal;
  private final TopicSettings settings;
  private final TopicDirectory directory;
  private final TopicAdmin admin;
  private final Duration maxAge;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private volatile boolean internalExist;
  private final Set<String> ensured = ConcurrentHashMap.newKeySet();
  private int grownTo; // guarded by this

  private record Known(Topic topic, long since) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - since > age.toNanos();
    }
  }

  /**
   * Creates the catalog of a group.
   *
   * @param maxAge maximum age of a cached limit
   */
  public TopicCatalog(
      InternalTopics internal,
      TopicSettings settings,
      TopicDirectory directory,
      TopicAdmin admin,
      Duration maxAge) {
    this.internal = internal;
    this.settings = settings;
    this.directory = directory;
    this.admin = admin;
    this.maxAge = maxAge;
  }

  /** The names of the topics. */
  public TopicDirectory directory() {
    return directory;
  }

  /**
   * Creates the missing topics, except those whose names depend on rows.
   *
   * @throws RelayException if a topic cannot be created
   */
  public void ensure() {
    if (!internalExist) {
      admin.createCompacted(internalTopics());
      internalExist = true;
    }
    Set<String> names = directory.names();
    if (!known.keySet().containsAll(names)) {
      ask(names);
    }
    names.forEach(this::require);
  }

  /**
   * Finds out which topics do not exist, except those whose names depend on rows; creates none.
   *
   * @return the missing topics, with the reason why Kafka would refuse to create one
   */
  public Map<String, Optional<RelayException>> missing() {
    Map<String, Optional<RelayException>> missing =
        admin.missing(directory.names(), settings.partitions(), settings.maxMessageBytes());
    missing.putAll(admin.missingCompacted(internalTopics()));
    return missing;
  }

  private Set<String> internalTopics() {
    return Set.of(internal.shards(), internal.positions(), internal.repairs());
  }

  /**
   * Returns the state of a topic that must exist.
   *
   * @throws OperatorNeededException if Kafka rejects its name
   */
  Topic.Open require(String name) {
    Topic topic = look(name);
    if (topic instanceof Topic.Refused refused) {
      throw refused.exception();
    }
    return (Topic.Open) topic;
  }

  /**
   * Returns the cached state of a topic. Creates the topic if it is not cached and does not exist.
   *
   * @throws RelayException if topics cannot be created at present
   */
  public Topic look(String topic) {
    Known before = known.get(topic);
    return before == null || (before.topic() instanceof Topic.Refused && before.isOlderThan(maxAge))
        ? ask(topic)
        : before.topic();
  }

  /** Returns the state of a topic like {@link #look}, but at most a few seconds old. */
  Topic lookAgain(String topic) {
    Known before = known.get(topic);
    return before == null || before.isOlderThan(maxAge) ? ask(topic) : before.topic();
  }

  private Topic ask(String name) {
    return Objects.requireNonNull(ask(Set.of(name)).get(name));
  }

  private Map<String, Topic> ask(Set<String> names) {
    if (known.size() > MAX_KNOWN) {
      known.clear();
    }
    Map<String, Topic> answers =
        admin.open(names, settings.partitions(), settings.maxMessageBytes());
    long now = System.nanoTime();
    answers.forEach((name, topic) -> known.put(name, new Known(topic, now)));
    if (ensured.size() < MAX_KNOWN) {
      ensured.addAll(names);
    }
    return answers;
  }

  /** Returns the setting that determines the limit of a topic. */
  String limitingSetting(Topic.Open topic) {
    return topic.maxMessageBytes() < settings.maxMessageBytes()
        ? "its max.message.bytes"
        : "topics.max-message-bytes";
  }

  /** Reads the limit of a topic again. */
  void refresh(String topic) {
    ask(topic);
  }

  /** Names of all topics that this relay has ever used. Some may have been deleted. */
  public Set<String> everKnown() {
    Set<String> all = new HashSet<>(ensured);
    all.addAll(directory.names());
    all.addAll(internalTopics());
    return all;
  }

  /** Clears the cache. */
  public synchronized void forget() {
    known.clear();
    internalExist = false;
    grownTo = 0;
  }

  /** Ensures that the topics of positions and pending work have at least this many partitions. */
  public synchronized void growTo(int partitions) {
    if (partitions > grownTo) {
      admin.growTo(internal.positions(), partitions);
      admin.growTo(internal.repairs(), partitions);
      grownTo = partitions;
    }
  }
}
