package io.sluice.outbox;

import java.util.regex.Pattern;

/**
 * How a domain's topic is called: text with {@code ${domain}} for the domain's name in lower case.
 *
 * @param text such as {@code outbox.event.${domain}}; must contain the placeholder
 */
public record TopicTemplate(String text) {

  private static final String DOMAIN = "${domain}";

  // Kafka allows 249 characters; the longest domain and the suffix of the dead-letter topic fit.
  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,240}");

  /** {@code outbox.event.${domain}}, as Debezium's outbox event router names its topics. */
  public static final TopicTemplate DEFAULT = new TopicTemplate("outbox.event.${domain}");

  public TopicTemplate {
    if (!text.contains(DOMAIN)) {
      throw new IllegalArgumentException(
          "topic template '%s' does not contain %s, so all domains would share a topic: add it"
              .formatted(text, DOMAIN));
    }
    String longest = text.replace(DOMAIN, "a".repeat(63));
    if (!TOPIC.matcher(longest).matches()) {
      throw new IllegalArgumentException(
          "topic template '%s' does not make a valid topic name: use letters, digits, '.', '_', '-'"
                  .formatted(text)
              + " and the placeholder "
              + DOMAIN);
    }
  }

  /** The topic of a domain. */
  public String topic(EventDomain domain) {
    return text.replace(DOMAIN, domain.lowerCaseName());
  }

  @Override
  public String toString() {
    return text;
  }
}
