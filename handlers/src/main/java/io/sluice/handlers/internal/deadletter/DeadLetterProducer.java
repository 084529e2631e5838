package io.sluice.handlers.internal.deadletter;

import io.sluice.handlers.internal.HandlerThreads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * The producer of all domains' dead letters. It is created for the first dead letter, and recreated
 * after a fatal error, for example if the producer is fenced or not authorised. Thread-safe.
 */
public final class DeadLetterProducer {

  /** A producer that fails earlier is kept, because the next one would probably fail too. */
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
   * @param properties the properties of the Kafka producer
   * @param clock a clock that is never set back
   */
  public DeadLetterProducer(Map<String, Object> properties, InstantSource clock) {
    this(() -> new KafkaProducer<>(properties), clock);
  }

  /** Creates producers with a factory, for tests. */
  public DeadLetterProducer(Supplier<Producer<byte[], byte[]>> factory, InstantSource clock) {
    this.factory = factory;
    this.clock = clock;
  }

  /**
   * Returns the producer. Callers must not close it.
   *
   * @throws IllegalStateException if the runtime has ended
   */
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

  /** Replaces a producer whose failure is fatal. Does not block. */
  synchronized void failed(Producer<byte[], byte[]> failing, Exception failure) {
    boolean isYoung = clock.instant().isBefore(madeAt.plus(SHORTEST_LIFE));
    if (closed || failing != producer || isYoung || isOfOneLetter(failure)) {
      return;
    }
    producer = null;
    // On another thread, because the current one may be the producer's own, which would wait for
    // itself.
    closers.newThread(() -> failing.close(LONGEST_CLOSE)).start();
  }

  /** Whether the failure is temporary, or concerns only one dead letter or topic. */
  private static boolean isOfOneLetter(Exception failure) {
    return failure instanceof RetriableException
        || failure instanceof RecordTooLargeException
        || failure instanceof TopicAuthorizationException
        || failure instanceof InvalidTopicException;
  }

  public void close(Duration timeout) {
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
