package io.sluice.handlers.internal.consume;

/** A domain's topic is not on the brokers. It is told in the log, and looked for again. */
final class MissingTopicException extends RuntimeException {

  private static final long serialVersionUID = 1;

  MissingTopicException(DomainStream stream) {
    super(
        "topic '%s' of domain %s does not exist on the brokers: let the relay provision it, or correct"
                .formatted(stream.topic(), stream.domain())
            + " the topic template");
  }
}
