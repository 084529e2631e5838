package io.sluice.relay.publish;

import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.state.InternalTopics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Creates the topics that all shards of a group share, and caches their limits. Thread-safe.
 *
 * <p>{@link #forget} clears the cache, for example after a failure, whose cause may be a deleted
 * topic.
 */
public final class TopicCatalog implements TopicKeeper {

  /** Maximum time between the creation of a batch and its rejection. */
  private static final Duration MAX_BATCH_AGE = Duration.ofSeconds(30);

  /** Bounds the memory, because names may come from rows. */
  private static final int MAX_KNOWN = 10_000;

  private final InternalTopics internal;
  private final TopicSettings settings;
  private final Set<String> domainTopics;
  private final TopicProvisioner topics;
  private final Duration maxAge;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Long> loweredAt = new ConcurrentHashMap<>();
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
   * @param domainTopics topics of the domains whose names do not depend on rows
   * @param maxAge maximum age of a cached limit
   */
  public TopicCatalog(
      InternalTopics internal,
      TopicSettings settings,
      Set<String> domainTopics,
      TopicProvisioner topics,
      Duration maxAge) {
    this.internal = internal;
    this.settings = settings;
    this.domainTopics = Set.copyOf(domainTopics);
    this.topics = topics;
    this.maxAge = maxAge;
  }

  /**
   * Creates the missing topics.
   *
   * @throws io.sluice.relay.shard.RelayException if a topic cannot be created
   */
  public void ensure() {
    if (!internalExist) {
      topics.create(
          List.of(
              topics.compactedTopic(internal.shards()),
              topics.compactedTopic(internal.positions()),
              topics.compactedTopic(internal.repairs())));
      internalExist = true;
    }
    if (!known.keySet().containsAll(domainTopics)) {
      ask(domainTopics);
    }
    domainTopics.forEach(name -> require(look(name)));
  }

  private static void require(Topic topic) {
    if (topic instanceof Topic.Refused refused) {
      throw new OperatorNeededException(refused.reason(), refused.remedy());
    }
  }

  @Override
  public Topic look(String topic) {
    Known before = known.get(topic);
    return before == null || (before.topic() instanceof Topic.Refused && before.isOlderThan(maxAge))
        ? ask(topic)
        : before.topic();
  }

  @Override
  public Topic lookAgain(String topic) {
    Known before = known.get(topic);
    return before == null || before.isOlderThan(maxAge) ? ask(topic) : before.topic();
  }

  private Topic ask(String name) {
    return Objects.requireNonNull(ask(Set.of(name)).get(name));
  }

  private Map<String, Topic> ask(Set<String> names) {
    if (known.size() > MAX_KNOWN) {
      known.clear();
      loweredAt.clear();
    }
    Map<String, Topic> answers = topics.open(names, settings);
    long now = System.nanoTime();
    answers.forEach((name, topic) -> known.put(name, new Known(topic, now)));
    if (ensured.size() < MAX_KNOWN) {
      ensured.addAll(names);
    }
    return answers;
  }

  @Override
  public Optional<String> lessThanKnown(Set<String> names) {
    Map<String, Known> before = Map.copyOf(known);
    List<String> changes = new ArrayList<>();
    ask(names)
        .forEach(
            (name, topic) -> {
              if (topic instanceof Topic.Open now && acceptsLess(now, before.get(name))) {
                loweredAt.put(name, System.nanoTime());
              }
              if (topic instanceof Topic.Open now && isLowered(name)) {
                changes.add("topic %s now accepts %d bytes".formatted(name, now.maxMessageBytes()));
              }
            });
    return changes.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", changes));
  }

  /**
   * Whether the limit was lowered recently. Another thread may have detected it while this thread's
   * batch still used the old limit.
   */
  private boolean isLowered(String name) {
    Long since = loweredAt.get(name);
    return since != null && System.nanoTime() - since < MAX_BATCH_AGE.toNanos();
  }

  /** Whether the limit is lower than before. Without a cached limit this is assumed. */
  private static boolean acceptsLess(Topic.Open now, @Nullable Known before) {
    return before == null
        || (before.topic() instanceof Topic.Open known
            && known.maxMessageBytes() > now.maxMessageBytes());
  }

  /** Names of all topics that this relay has ever used. Some may have been deleted. */
  public Set<String> everKnown() {
    Set<String> all = new HashSet<>(ensured);
    all.addAll(domainTopics);
    all.addAll(Set.of(internal.shards(), internal.positions(), internal.repairs()));
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
      topics.growTo(internal.positions(), partitions);
      topics.growTo(internal.repairs(), partitions);
      grownTo = partitions;
    }
  }
}
