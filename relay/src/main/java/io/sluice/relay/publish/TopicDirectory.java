package io.sluice.relay.publish;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.shard.OutboxRow;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which topic an event goes to. Immutable. */
public final class TopicDirectory {

  /** What is appended to a topic's name for the events that could not be delivered. */
  public static final String DEAD_LETTERS = ".dlq";

  private final TopicTemplate template;
  private final Domains domains;
  private final int maxMessageBytes;
  private final String strayDeadLetters;
  private final Map<EventDomain, String> topics = new TreeMap<>();

  /**
   * The topics that the template makes of these domains.
   *
   * @param maxMessageBytes the largest record batch they take, in bytes
   * @param strayDeadLetters the topic of dead letters of no configured domain
   */
  public TopicDirectory(
      TopicTemplate template, Domains domains, int maxMessageBytes, String strayDeadLetters) {
    this.template = template;
    this.domains = domains;
    this.maxMessageBytes = maxMessageBytes;
    this.strayDeadLetters = strayDeadLetters;
    if (template.isByDomain()) {
      domains.names().forEach(domain -> topics.put(domain, template.topic(domain)));
    }
  }

  /**
   * The topic of an event.
   *
   * @throws IllegalArgumentException if it has none
   */
  public String topic(OutboxRow row) {
    return topic(row.domain(), row.aggregateType(), row.eventType(), row.origin().shard());
  }

  /**
   * The topic of an event with these properties.
   *
   * @throws IllegalArgumentException if it has none
   */
  public String topic(EventDomain domain, String aggregateType, String eventType, ShardId shard) {
    if (!domains.contains(domain)) {
      throw new IllegalArgumentException(
          "domain %s is not configured; those that are: %s".formatted(domain, domains.names()));
    }
    String topic = topics.get(domain);
    return topic == null ? template.topic(domain, aggregateType, eventType, shard) : topic;
  }

  /** The topic for dead letters of an event, whether or not it has a topic of its own. */
  String deadLetterTopic(OutboxRow row) {
    return topicIfAny(row).map(topic -> topic + DEAD_LETTERS).orElse(strayDeadLetters);
  }

  /** The topic of an event, if it has one. */
  Optional<String> topicIfAny(OutboxRow row) {
    try {
      return Optional.of(topic(row));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  String strayDeadLetters() {
    return strayDeadLetters;
  }

  /** Names of all topics that are known before the first event. */
  public Set<String> names() {
    Set<String> names = new TreeSet<>(topics.values());
    topics.values().forEach(topic -> names.add(topic + DEAD_LETTERS));
    names.add(strayDeadLetters);
    return names;
  }

  /** The domains that are published. */
  public Domains domains() {
    return domains;
  }

  /** Whether what stands in a row decides which topics there are. */
  boolean isByRow() {
    return !template.isByDomain();
  }

  /** The largest record batch that topics take, in bytes. */
  public int maxMessageBytes() {
    return maxMessageBytes;
  }
}
