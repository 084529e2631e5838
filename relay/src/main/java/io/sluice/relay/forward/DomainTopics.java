package io.sluice.relay.forward;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.TopicTemplate;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The topics of the configured domains. Immutable. */
public final class DomainTopics {

  /** What Kafka adds to a record in a batch of its own, with ample room. */
  private static final int RECORD_OVERHEAD = 512;

  private final Map<EventDomain, String> topics = new TreeMap<>();
  private final int maxMessageBytes;

  /**
   * The topics that the template makes of these domains.
   *
   * @param maxMessageBytes the largest record batch they take, in bytes
   */
  public DomainTopics(
      TopicTemplate template, Collection<EventDomain> domains, int maxMessageBytes) {
    domains.forEach(domain -> topics.put(domain, template.topic(domain)));
    this.maxMessageBytes = maxMessageBytes;
  }

  Optional<String> of(EventDomain domain) {
    return Optional.ofNullable(topics.get(domain));
  }

  Set<EventDomain> domains() {
    return topics.keySet();
  }

  /** Names of all topics. */
  public Set<String> names() {
    return new TreeSet<>(topics.values());
  }

  int maxPayloadBytes() {
    return maxMessageBytes - RECORD_OVERHEAD;
  }

  public int maxMessageBytes() {
    return maxMessageBytes;
  }
}
