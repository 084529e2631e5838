package io.sluice.handlers.api;

import io.sluice.outbox.EventDomain;

/** A domain's topic is not on the brokers. The runtime logs it once and goes on looking. */
public final class MissingTopicException extends HandlersException {

  private static final long serialVersionUID = 1;

  private final String topic;

  public MissingTopicException(EventDomain domain, String topic) {
    super(
        "topic '%s' of domain %s does not exist on the brokers: let the relay provision it, or correct"
                .formatted(topic, domain)
            + " the topic template");
    this.topic = topic;
  }

  public String topic() {
    return topic;
  }
}
