package io.sluice.handlers.internal.consume;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs when a domain's topic can no longer be read, and when it can be read again. */
final class StreamHealth {

  private static final Logger LOG = LoggerFactory.getLogger(StreamHealth.class);

  /** Only changes of the state are logged. */
  private enum State {
    FLOWING,
    INTERRUPTED,
    OPERATOR_NEEDED
  }

  private final DomainStream stream;
  private State state = State.FLOWING;
  private volatile Optional<String> problem = Optional.empty();

  StreamHealth(DomainStream stream) {
    this.stream = stream;
  }

  /** Why the topic is not read at present, if it is not. Thread-safe. */
  Optional<String> problem() {
    return problem;
  }

  void failed(Throwable cause) {
    problem = Optional.of(cause.toString());
    State now = passes(cause) ? State.INTERRUPTED : State.OPERATOR_NEEDED;
    if (now == state) {
      return;
    }
    state = now;
    if (now == State.INTERRUPTED) {
      LOG.warn(
          "handlers of domain {} cannot reach Kafka: {}: they keep trying",
          stream.domain(),
          cause.toString());
    } else {
      reportToOperator(cause);
    }
  }

  private void reportToOperator(Throwable cause) {
    if (cause instanceof TopicCheck.MissingTopicException) {
      LOG.error("handlers of domain {} wait: {}", stream.domain(), cause.getMessage());
      return;
    }
    if (cause instanceof LinkageError) {
      LOG.error(
          "handlers of domain {} handle nothing: {}: the class path has libraries of other versions"
              + " than this runtime needs: correct them, kafka-clients first, and restart the worker",
          stream.domain(),
          cause.toString(),
          cause);
      return;
    }
    LOG.error(
        "handlers of domain {} cannot read topic '{}' as group '{}': {}: correct the cause; they"
            + " keep trying",
        stream.domain(),
        stream.topic(),
        stream.group(),
        cause.getMessage(),
        cause);
  }

  void worked() {
    problem = Optional.empty();
    if (state != State.FLOWING) {
      state = State.FLOWING;
      LOG.info("handlers of domain {} read topic '{}' again", stream.domain(), stream.topic());
    }
  }

  private static boolean passes(Throwable cause) {
    Throwable origin =
        cause instanceof KafkaException && cause.getCause() != null ? cause.getCause() : cause;
    return origin instanceof RetriableException;
  }
}
