package io.sluice.handlers;

import io.sluice.handlers.internal.consume.KafkaProperties;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/** The producer of all domains' dead letters, made when the first is sent. Thread-safe. */
final class DeadLetterProducer implements Supplier<Producer<byte[], byte[]>> {

  private final KafkaProperties kafka;
  // Both guarded by this.
  private @Nullable Producer<byte[], byte[]> producer;
  private boolean closed;

  DeadLetterProducer(KafkaProperties kafka) {
    this.kafka = kafka;
  }

  @Override
  public synchronized Producer<byte[], byte[]> get() {
    if (closed) {
      throw new IllegalStateException("the handler runtime has ended");
    }
    Producer<byte[], byte[]> current = producer;
    if (current == null) {
      current = kafka.producer();
      producer = current;
    }
    return current;
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
