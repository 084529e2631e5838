package io.sluice.relay.provision;

import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.route.Routing.TopicCreator;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * The topics that all sources of a group share. Thread-safe.
 *
 * <p>Those that exist are not asked for again and again; {@link #forget} makes it look anew, as
 * after a failure, which may be that somebody deleted one.
 */
public final class CommonTopics implements TopicCreator {

  private final InternalTopics internal;
  private final TopicSettings settings;
  private final Set<String> domainTopics;
  private final TopicProvisioner topics;
  private final Set<String> existing = ConcurrentHashMap.newKeySet();
  private final Set<String> ensured = ConcurrentHashMap.newKeySet();
  private int grownTo; // guarded by this

  /**
   * Topics of a group.
   *
   * @param domainTopics those of the domains that are known beforehand
   */
  public CommonTopics(
      InternalTopics internal,
      TopicSettings settings,
      Set<String> domainTopics,
      TopicProvisioner topics) {
    this.internal = internal;
    this.settings = settings;
    this.domainTopics = Set.copyOf(domainTopics);
    this.topics = topics;
  }

  /** Creates what is missing. */
  public void ensure() {
    if (!existing.contains(internal.shards())) {
      topics.create(
          List.of(
              topics.compactedTopic(internal.shards()),
              topics.compactedTopic(internal.positions()),
              topics.compactedTopic(internal.repairs())));
      existing.add(internal.shards());
    }
    ensure(domainTopics);
  }

  @Override
  public void ensure(Set<String> names) {
    if (existing.containsAll(names)) {
      return;
    }
    List<NewTopic> missing = new ArrayList<>();
    for (String name : names) {
      if (!existing.contains(name)) {
        missing.add(topics.domainTopic(name, settings));
      }
    }
    topics.create(missing);
    existing.addAll(names);
    ensured.addAll(names);
  }

  /** All topics this relay ever had to do with; they may have been deleted since. */
  public Set<String> known() {
    Set<String> known = new HashSet<>(ensured);
    known.addAll(domainTopics);
    known.addAll(Set.of(internal.shards(), internal.positions(), internal.repairs()));
    return known;
  }

  /** Looks anew at what exists the next time. */
  public synchronized void forget() {
    existing.clear();
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
