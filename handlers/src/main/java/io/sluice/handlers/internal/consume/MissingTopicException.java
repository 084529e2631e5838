package io.sluice.handlers.internal.consume;

/** A domain's topic does not exist. That is logged, and the topic is looked for again. */
final class MissingTopicException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MissingTopicException(DomainStream stream) {
    super(
        "topic '%s' of domain %s does not exist on the brokers: let the relay provision it, or correct"
                .formatted(stream.topic(), stream.domain())
            + " the topic template");
  }
}
