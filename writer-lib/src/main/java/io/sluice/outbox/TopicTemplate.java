package io.sluice.outbox;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How topics are called: text with placeholders for parts of an event. {@code ${domain}} stands for
 * the domain's name in lower case; {@code ${aggregateType}}, {@code ${eventType}} and {@code
 * ${shard}} stand for what they name, as it is.
 *
 * <p>Handler workers subscribe to a domain's topic, so they need a template of {@code ${domain}}
 * alone; the others are for downstream teams and for consumers made for Debezium's outbox event
 * router.
 *
 * @param text such as {@code outbox.event.${domain}}; must contain {@code ${domain}}, {@code
 *     ${aggregateType}} or {@code ${eventType}}
 */
public record TopicTemplate(String text) {

  private static final String DOMAIN = "domain";
  private static final String AGGREGATE_TYPE = "aggregateType";
  private static final String EVENT_TYPE = "eventType";
  private static final String SHARD = "shard";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  // Kafka allows 249 characters; the longest domain and the suffix of the dead-letter topic fit.
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,240}");

  /** {@code outbox.event.${domain}}, as Debezium's outbox event router names its topics. */
  public static final TopicTemplate DEFAULT = new TopicTemplate("outbox.event.${domain}");

  /**
   * @throws IllegalArgumentException if it has an unknown placeholder, would give all domains one
   *     topic, or makes names that Kafka refuses
   */
  public TopicTemplate {
    List<String> names = placeholders(text);
    for (String name : names) {
      if (!List.of(DOMAIN, AGGREGATE_TYPE, EVENT_TYPE, SHARD).contains(name)) {
        throw new IllegalArgumentException(
            "topic template '%s' has the unknown placeholder ${%s}: use ${domain}, ${aggregateType},"
                    .formatted(text, name)
                + " ${eventType} or ${shard}");
      }
    }
    if (names.stream().allMatch(SHARD::equals)) {
      throw new IllegalArgumentException(
          "topic template '%s' does not contain ${domain}, so all domains would share a topic: add it"
              .formatted(text));
    }
    String longest = PLACEHOLDER.matcher(text).replaceAll("a".repeat(63));
    if (!TOPIC.matcher(longest).matches()) {
      throw new IllegalArgumentException(
          "topic template '%s' does not make a valid topic name: use letters, digits, '.', '_', '-'"
                  .formatted(text)
              + " and placeholders");
    }
  }

  private static List<String> placeholders(String text) {
    return PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).toList();
  }

  /** Whether the domain alone decides, so that a domain has one topic. */
  public boolean isByDomain() {
    return placeholders(text).stream().allMatch(DOMAIN::equals);
  }

  /**
   * The topic of a domain.
   *
   * @throws IllegalStateException unless the template {@link #isByDomain}
   */
  public String topic(EventDomain domain) {
    if (!isByDomain()) {
      throw new IllegalStateException(
          "by template '%s' a domain has several topics: use ${domain} alone where one is needed"
              .formatted(text));
    }
    return fill(Map.of(DOMAIN, domain.lowerCaseName()));
  }

  /**
   * The topic of an event.
   *
   * @throws IllegalArgumentException if the event's values do not make a valid topic name
   */
  public String topic(EventDomain domain, String aggregateType, String eventType, ShardId shard) {
    String topic =
        fill(
            Map.of(
                DOMAIN,
                domain.lowerCaseName(),
                AGGREGATE_TYPE,
                aggregateType,
                EVENT_TYPE,
                eventType,
                SHARD,
                shard.value()));
    if (!TOPIC.matcher(topic).matches()) {
      throw new IllegalArgumentException(
          "'%s' is no valid topic name: topics have up to 240 letters, digits, '.', '_', '-'"
              .formatted(topic));
    }
    return topic;
  }

  private String fill(Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(values.getOrDefault(found.group(1), "")));
  }

  @Override
  public String toString() {
    return text;
  }
}
