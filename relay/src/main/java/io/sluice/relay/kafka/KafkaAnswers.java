package io.sluice.relay.kafka;

import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;

/**
 * Waits for what Kafka answers to a client that gives up by itself, such as one made of {@link
 * KafkaSettings#forAdmin()}.
 */
public final class KafkaAnswers {

  /** Longer than any such client takes. */
  private static final Duration LIMIT = KafkaSettings.ADMIN_TIMEOUT.multipliedBy(2);

  private KafkaAnswers() {}

  /**
   * The answer.
   *
   * @throws ExecutionException whose cause is what Kafka answered instead
   * @throws TransientException if there is none in time, or the thread is interrupted, which stays
   *     noted
   */
  public static <T> T await(KafkaFuture<T> asked) throws ExecutionException {
    try {
      return asked.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new TransientException(
          "Kafka did not answer within %d s".formatted(LIMIT.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransientException("interrupted while Kafka was asked", e);
    }
  }
}
