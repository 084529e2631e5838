package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Publishes events and state in one Kafka transaction: either all of it becomes visible or nothing
 * does. One instance at a time can publish for a transactional id, anywhere.
 */
public final class TransactionalPublisher implements Publisher {

  private static final int TRANSACTION_TIMEOUT_MILLIS = 15_000;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, but for being closed. */
  private final Producer<byte[], byte[]> producer;

  private final FirstFailure failure = new FirstFailure();

  private TransactionalPublisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Takes the source over: whoever published it before is fenced off, and a transaction it left
   * open is ended.
   *
   * @param maxRequestSize bytes of the largest record
   * @throws TransientException if Kafka does not answer in time
   */
  public static TransactionalPublisher open(
      KafkaSettings kafka, String transactionalId, int maxRequestSize) {
    Map<String, Object> properties = ProducerProperties.of(kafka, maxRequestSize);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    try {
      producer.initTransactions();
      return new TransactionalPublisher(producer);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw KafkaRefusal.of(e)
          .orElseGet(
              () ->
                  new TransientException(
                      "Kafka did not let transactional.id '%s' begin: %s"
                          .formatted(transactionalId, e.getMessage()),
                      e));
    }
  }

  @Override
  public void publish(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state) {
    lock.lock();
    try {
      failure.requireNone();
      commit(events, state);
    } catch (RuntimeException | Error e) {
      failure.note(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void commit(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state) {
    try {
      producer.beginTransaction();
      events.forEach(this::send);
      state.forEach(this::send);
      producer.commitTransaction();
    } catch (KafkaException e) {
      throw KafkaRefusal.of(e).orElse(e);
    }
  }

  /**
   * A send that fails fails the commit. One that has failed when it returns, after ten seconds
   * where a topic is not there, must not be followed by thousands of the same.
   */
  private void send(ProducerRecord<byte[], byte[]> record) {
    Future<RecordMetadata> sent = producer.send(record);
    if (sent.isDone()) {
      try {
        sent.get();
      } catch (ExecutionException e) {
        throw new KafkaException("a record could not be sent: " + e.getCause(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptException(e);
      }
    }
  }

  @Override
  public Optional<Throwable> failure() {
    return failure.cause();
  }

  /** A transaction that is open is aborted by the successor's take-over. */
  @Override
  public void close() {
    failure.note(new IllegalStateException("closed"));
    producer.close(Duration.ZERO);
  }
}
