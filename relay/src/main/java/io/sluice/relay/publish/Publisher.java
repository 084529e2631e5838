package io.sluice.relay.publish;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Sends records of one source to Kafka, and with them the state that says they were sent.
 *
 * <p>After any failure an instance is of no more use and must be closed; what the records have come
 * to is then told by the state a successor reads. Thread-safe: what one thread publishes is never
 * mixed with another's.
 */
public interface Publisher extends AutoCloseable {

  /**
   * Publishes the events, in this order, and then the state. When this returns both are readable.
   *
   * @throws io.sluice.relay.shard.OperatorNeededException if Kafka refuses them for good
   * @throws org.apache.kafka.common.KafkaException if it is not certain that they are
   */
  void publish(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state);

  /**
   * What a publication has failed with, so that no other may follow; the first, if several have.
   */
  Optional<Throwable> failure();

  /** Ends at once; what is under way may or may not become readable. */
  @Override
  void close();
}
