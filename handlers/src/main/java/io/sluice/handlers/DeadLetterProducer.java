package io.sluice.handlers;

import io.sluice.handlers.internal.deadletter.LetterProducers;
import io.sluice.handlers.internal.dispatch.HandlerThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The producer of all domains' dead letters, made when the first is sent, and made anew when it has
 * failed for good, as an idempotent one does that is fenced or not authorised. Thread-safe.
 */
final class DeadLetterProducer implements LetterProducers {

  /** One that fails sooner would only be followed by another that does. */
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(5);

  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(1);

  private final Supplier<Producer<byte[], byte[]>> factory;
  private final InstantSource clock;
  private final ThreadFactory closers = HandlerThreads.daemons("sluice-handlers-letters-closer-");
  // All guarded by this.
  private @Nullable Producer<byte[], byte[]> producer;
  private Instant madeAt = Instant.MIN;
  private boolean closed;

  /**
   * @param clock one that is never set back
   */
  DeadLetterProducer(Supplier<Producer<byte[], byte[]>> factory, InstantSource clock) {
    this.factory = factory;
    this.clock = clock;
  }

  @Override
  public synchronized Producer<byte[], byte[]> current() {
    if (closed) {
      throw new IllegalStateException("the handler runtime has ended");
    }
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      current = factory.get();
      producer = current;
      madeAt = clock.instant();
    }
    return current;
  }

  @Override
  public synchronized void failed(Producer<byte[], byte[]> failing, Exception failure) {
    boolean isYoung = clock.instant().isBefore(madeAt.plus(SHORTEST_LIFE));
    if (closed || failing != producer || isYoung || isOfTheLetter(failure)) {
      return;
    }
    producer = null;
    // Not here: this may be the producer's own thread, which would wait for itself.
    closers.newThread(() -> failing.close(LONGEST_CLOSE)).start();
  }

  /** Whether it passes, or another letter may fare better with the same producer. */
  private static boolean isOfTheLetter(Exception failure) {
    return failure instanceof RetriableException
        || failure instanceof RecordTooLargeException
        || failure instanceof TopicAuthorizationException
        || failure instanceof InvalidTopicException;
  }

  void close(Duration timeout) {
    Producer<byte[], byte[]> last;
    synchronized (this) {
      closed = true;
      last = producer;
    }
    if (last != null) {
      last.close(timeout);
    }
  }
}
