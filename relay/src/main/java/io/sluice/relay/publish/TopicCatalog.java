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
 * The topics that all sources of a group share. Thread-safe.
 *
 * <p>Those that exist are not asked for again and again; {@link #forget} makes it look anew, as
 * after a failure, which may be that somebody deleted one.
 */
public final class TopicCatalog implements TopicKeeper {

  /** No batch takes longer from being made to being refused. */
  private static final Duration ON_ITS_WAY = Duration.ofSeconds(30);

  /** Names may come from rows, and are kept in memory. */
  private static final int MOST_KNOWN = 10_000;

  private final InternalTopics internal;
  private final TopicSettings settings;
  private final Set<String> domainTopics;
  private final TopicProvisioner topics;
  private final Duration maxAge;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, Long> loweredAt = new ConcurrentHashMap<>();
  private volatile boolean hasInternal;
  private final Set<String> ensured = ConcurrentHashMap.newKeySet();
  private int grownTo; // guarded by this

  private record Known(Topic topic, long since) {
    boolean isOlderThan(Duration age) {
      return System.nanoTime() - since > age.toNanos();
    }
  }

  /**
   * Topics of a group.
   *
   * @param domainTopics those of the domains that are known beforehand
   * @param maxAge after which what is known of a topic may have changed
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
   * Creates what is missing.
   *
   * @throws io.sluice.relay.shard.RelayException if a topic cannot be made
   */
  public void ensure() {
    if (!hasInternal) {
      topics.create(
          List.of(
              topics.compactedTopic(internal.shards()),
              topics.compactedTopic(internal.positions()),
              topics.compactedTopic(internal.repairs())));
      hasInternal = true;
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
    if (known.size() > MOST_KNOWN) {
      known.clear();
      loweredAt.clear();
    }
    Map<String, Topic> answers = topics.open(names, settings);
    long now = System.nanoTime();
    answers.forEach((name, topic) -> known.put(name, new Known(topic, now)));
    if (ensured.size() < MOST_KNOWN) {
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
              if (topic instanceof Topic.Open now && takesLess(now, before.get(name))) {
                loweredAt.put(name, System.nanoTime());
              }
              if (topic instanceof Topic.Open now && isLowered(name)) {
                changes.add(
                    "topic %s takes %d bytes by now".formatted(name, now.maxMessageBytes()));
              }
            });
    return changes.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", changes));
  }

  /** Another may have noticed first, while what was made before is still on its way. */
  private boolean isLowered(String name) {
    Long since = loweredAt.get(name);
    return since != null && System.nanoTime() - since < ON_ITS_WAY.toNanos();
  }

  /** What was forgotten in between may have been more. */
  private static boolean takesLess(Topic.Open now, @Nullable Known before) {
    return before == null
        || (before.topic() instanceof Topic.Open known
            && known.maxMessageBytes() > now.maxMessageBytes());
  }

  /** All topics this relay ever had to do with; they may have been deleted since. */
  public Set<String> everKnown() {
    Set<String> all = new HashSet<>(ensured);
    all.addAll(domainTopics);
    all.addAll(Set.of(internal.shards(), internal.positions(), internal.repairs()));
    return all;
  }

  /** Looks anew at what exists the next time. */
  public synchronized void forget() {
    known.clear();
    hasInternal = false;
    grownTo = 0;
  }

  /** Sees that so many sources find a place. */
  public synchronized void growTo(int partitions) {
    if (partitions > grownTo) {
      topics.growTo(internal.positions(), partitions);
      topics.growTo(internal.repairs(), partitions);
      grownTo = partitions;
    }
  }
}
