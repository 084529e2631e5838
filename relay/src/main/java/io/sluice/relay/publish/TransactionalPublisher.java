package io.sluice.relay.publish;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.kafka.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes batches of one shard, each with the position it leads to in one Kafka transaction:
 * either all of it becomes visible or nothing does.
 *
 * <p>After any failure the instance is of no more use and must be closed; what the batch has come
 * to is then told by the position a successor reads. Used by one thread at a time.
 */
public final class TransactionalPublisher implements AutoCloseable {

  /**
   * Each wait of the client is bounded, and the longest well below the time the engine waits for a
   * batch when it is stopped.
   */
  private static final Map<String, Object> OWN_PROPERTIES =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          true,
          ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
          15_000,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          10_000L,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          10_000,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          5_000,
          // A commit sends what is left at once, so lingering only delays full batches.
          ProducerConfig.LINGER_MS_CONFIG,
          0L,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ByteArraySerializer.class);

  private static final long LEAST_BUFFER = 32L << 20;

  private final Producer<byte[], byte[]> producer;
  private boolean failed;

  private TransactionalPublisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Takes the shard over: whoever published it before is fenced off, and a transaction it left open
   * is ended.
   *
   * @param maxRequestSize bytes of the largest record
   * @throws TransientException if Kafka does not answer in time
   */
  public static TransactionalPublisher open(
      KafkaSettings kafka, String transactionalId, int maxRequestSize) {
    Map<String, Object> properties = kafka.with(OWN_PROPERTIES);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, maxRequestSize);
    properties.put(
        ProducerConfig.BUFFER_MEMORY_CONFIG, Math.max(LEAST_BUFFER, 2L * maxRequestSize));
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    try {
      producer.initTransactions();
      return new TransactionalPublisher(producer);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw new TransientException(
          "Kafka did not let transactional.id '%s' begin: %s"
              .formatted(transactionalId, e.getMessage()),
          e);
    }
  }

  /**
   * Makes the events, in this order, and the position visible together. When this returns they are.
   *
   * @throws OperatorNeededException if Kafka refuses them for good
   * @throws KafkaException if it is not certain that they are
   */
  public void publish(
      List<ProducerRecord<byte[], byte[]>> events, ProducerRecord<byte[], byte[]> position) {
    if (failed) {
      throw new IllegalStateException("this publisher has failed before and must be closed");
    }
    failed = true;
    try {
      producer.beginTransaction();
      events.forEach(this::send);
      send(position);
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw refused(e).orElse(e);
    }
    failed = false;
  }

  /** What trying again cannot mend. */
  private static Optional<RuntimeException> refused(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException) {
        return refusal(
            cause,
            "raise max.message.bytes of the domains' topics to topics.max-message-bytes of the"
                + " relay's configuration");
      }
      if (cause instanceof InvalidTimestampException) {
        return refusal(
            cause,
            "set message.timestamp.after.max.ms and message.timestamp.before.max.ms of the domains'"
                + " topics to 9223372036854775807, and see that services write created_at in UTC");
      }
      if (cause instanceof AuthorizationException) {
        return refusal(
            cause,
            "let the relay write to its topics and use transactional ids that begin with its group");
      }
    }
    return Optional.empty();
  }

  private static Optional<RuntimeException> refusal(Throwable cause, String remedy) {
    return Optional.of(
        new OperatorNeededException(
            "Kafka refuses what is to be published: " + cause.getMessage(), remedy, cause));
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a failed send fails the commit
  private void send(ProducerRecord<byte[], byte[]> record) {
    producer.send(record);
  }

  /** Ends at once; a transaction that is open is aborted by the successor's take-over. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
