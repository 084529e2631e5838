package io.sluice.relay.publish;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes the records of one shard to Kafka, together with its state.
 *
 * <p>After any failure the publisher must be closed. A successor learns from the stored state
 * whether the records were published. Thread-safe: publications of different threads do not
 * interleave.
 */
public interface Publisher extends AutoCloseable {

  /**
   * Publishes the events in this order, and then the state. Both are readable when this method
   * returns.
   *
   * @throws io.sluice.relay.shard.OperatorNeededException if Kafka rejects a record permanently
   * @throws org.apache.kafka.common.KafkaException if it is uncertain whether the records are
   *     readable
   */
  void publish(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state);

  /** The first failure, after which nothing can be published; empty if there was none. */
  Optional<Throwable> failure();

  /** Closes immediately. A publication in progress may or may not become readable. */
  @Override
  void close();
}
