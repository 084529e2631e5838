package io.sluice.outbox;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A template for the names of topics, with placeholders for values of an event: {@code ${domain}}
 * for the domain's name in lower case, and {@code ${aggregateType}}, {@code ${eventType}} and
 * {@code ${shard}} unchanged.
 *
 * <p>Handler workers subscribe to the topic of a domain, so they need a template with {@code
 * ${domain}} only. The other placeholders are for downstream teams and for consumers of Debezium's
 * outbox event router.
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

  // Kafka allows 249 characters; this leaves room for the suffix of the dead-letter topic.
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,240}");

  /** {@code outbox.event.${domain}}, the default of Debezium's outbox event router. */
  public static final TopicTemplate DEFAULT = new TopicTemplate("outbox.event.${domain}");

  /**
   * Checks the template.
   *
   * @throws IllegalArgumentException if it has an unknown placeholder, gives all domains the same
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

  /** Whether each domain has exactly one topic. */
  public boolean isByDomain() {
    return placeholders(text).stream().allMatch(DOMAIN::equals);
  }

  /**
   * Returns the topic of a domain.
   *
   * @throws IllegalStateException unless the template {@link #isByDomain}
   */
  public String topic(EventDomain domain) {
    if (!isByDomain()) {
      throw new IllegalStateException(
          "topic template '%s' gives a domain several topics: use only ${domain} where one is needed"
              .formatted(text));
    }
    return fill(Map.of(DOMAIN, domain.lowerCaseName()));
  }

  /**
   * Returns the topic of an event.
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
          "'%s' is not a valid topic name: use up to 240 letters, digits, '.', '_', '-'"
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
