package io.sluice.relay.record;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.state.InternalTopics;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Maps events to topic names. Immutable. */
public final class TopicDirectory {

  /** Suffix of the name of a dead-letter topic. */
  private static final String DEAD_LETTERS = ".dlq";

  private final TopicTemplate template;
  private final Domains domains;
  private final InternalTopics internal;
  private final Map<EventDomain, String> topics = new TreeMap<>();

  /**
   * Creates the directory of these domains.
   *
   * @param internal names that no event may have as its topic
   */
  public TopicDirectory(TopicTemplate template, Domains domains, InternalTopics internal) {
    this.template = template;
    this.domains = domains;
    this.internal = internal;
    if (template.isByDomain()) {
      domains.names().forEach(domain -> topics.put(domain, template.topic(domain)));
    }
  }

  /**
   * Returns the topic of an event.
   *
   * @throws IllegalArgumentException if the event has no topic
   */
  public String topic(OutboxRow row) {
    return topic(row.domain(), row.aggregateType(), row.eventType(), row.origin().shard());
  }

  /**
   * Returns the topic of an event with these properties.
   *
   * @throws IllegalArgumentException if the event has no topic
   */
  public String topic(EventDomain domain, String aggregateType, String eventType, ShardId shard) {
    if (!domains.contains(domain)) {
      throw new IllegalArgumentException(
          "domain %s is not configured; configured domains: %s".formatted(domain, domains.names()));
    }
    String topic = topics.get(domain);
    return topic == null
        ? requireNotReserved(template.topic(domain, aggregateType, eventType, shard))
        : topic;
  }

  private String requireNotReserved(String topic) {
    if (internal.isReserved(topic)) {
      throw new IllegalArgumentException(
          "topic %s is reserved for the relay or the brokers".formatted(topic));
    }
    return topic;
  }

  /** Returns the dead-letter topic of an event, also if the event has no topic. */
  String deadLetterTopic(OutboxRow row) {
    return topicIfAny(row).map(topic -> topic + DEAD_LETTERS).orElse(strayDeadLetters());
  }

  /** Returns the topic of an event, if it has one. */
  Optional<String> topicIfAny(OutboxRow row) {
    try {
      return Optional.of(topic(row));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String strayDeadLetters() {
    return internal.deadLetters();
  }

  /** Names of the topics that do not depend on rows. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(topics.values());
    topics.values().forEach(topic -> names.add(topic + DEAD_LETTERS));
    names.add(strayDeadLetters());
    return names;
  }

  /** The configured domains. */
  public Domains domains() {
    return domains;
  }

  /** Whether topic names depend on rows. */
  boolean isByRow() {
    return !template.isByDomain();
  }
}
