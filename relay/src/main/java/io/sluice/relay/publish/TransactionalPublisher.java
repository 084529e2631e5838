package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.record.Refusal;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.ArrayList;
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
 * Publishes events and state in one Kafka transaction, so that all of them become visible or none.
 * Only one instance in the cluster can publish with a transactional id.
 */
public final class TransactionalPublisher implements Publisher {

  /** By how much a transaction may last longer than one step of a publication. */
  private static final Duration TRANSACTION_MARGIN = Duration.ofSeconds(5);

  /** Collects the records of a large transaction in few requests. */
  private static final long LINGER_MILLIS = 5;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, except when it is closed. */
  private final Producer<byte[], byte[]> producer;

  private final FirstFailure failure = new FirstFailure();

  private TransactionalPublisher(Producer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Takes over the transactional id: fences the previous producer and aborts its open transaction.
   *
   * @param maxRequestSize maximum bytes of a record
   * @param pace determines its time limits
   * @throws TransientException if Kafka does not answer in time
   */
  public static TransactionalPublisher open(
      KafkaSettings kafka, String transactionalId, int maxRequestSize, Pace pace) {
    Duration patience = pace.patience();
    Map<String, Object> properties = ProducerProperties.of(kafka, maxRequestSize, patience);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    // A commit sends everything at once, so a small transaction does not wait.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
    properties.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
        (int) patience.plus(TRANSACTION_MARGIN).toMillis());
    Producer<byte[], byte[]> producer = new KafkaProducer<>(properties);
    try {
      producer.initTransactions();
      return new TransactionalPublisher(producer);
    } catch (KafkaException e) {
      producer.close(Duration.ZERO);
      throw KafkaRefusal.of(e)
          .<RuntimeException>map(refusal -> refusal)
          .orElseGet(
              () ->
                  new TransientException(
                      "transactional.id '%s' could not be initialized: %s"
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
    } catch (RefusedRecordsException e) {
      throw e; // the transaction is aborted
    } catch (RuntimeException | Error e) {
      failure.record(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void commit(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state) {
    List<Future<RecordMetadata>> sent = new ArrayList<>(events.size());
    try {
      producer.beginTransaction();
      for (ProducerRecord<byte[], byte[]> record : events) {
        sent.add(producer.send(record));
        requireNotFailed(sent.get(sent.size() - 1));
      }
      state.forEach(record -> requireNotFailed(producer.send(record)));
      producer.commitTransaction();
    } catch (KafkaException e) {
      Optional<Exception> refusalOfRecord = KafkaRefusal.find(e, sent);
      if (refusalOfRecord.isPresent()) {
        producer.abortTransaction();
        throw KafkaRefusal.among(events, sent, this::attempt, refusalOfRecord.get());
      }
      throw KafkaRefusal.of(e).<RuntimeException>map(refusal -> refusal).orElse(e);
    }
  }

  /** Sends a record in a transaction of its own, which is aborted in any case. */
  private Optional<Refusal> attempt(ProducerRecord<byte[], byte[]> record) {
    producer.beginTransaction();
    try {
      requireNotFailed(producer.send(record), true);
      return Optional.empty();
    } catch (KafkaException e) {
      Optional<Refusal> refusal = KafkaRefusal.ofRecord(e);
      if (refusal.isEmpty()) {
        throw e;
      }
      return refusal;
    } finally {
      producer.abortTransaction();
    }
  }

  /**
   * A failed send fails the commit. If a send has already failed when it returns, for example after
   * ten seconds because a topic is missing, stop here: each further send would take as long.
   */
  private static void requireNotFailed(Future<RecordMetadata> sent) {
    requireNotFailed(sent, sent.isDone());
  }

  private static void requireNotFailed(Future<RecordMetadata> sent, boolean isAwaited) {
    if (isAwaited) {
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

  /** Leaves an open transaction, which the successor aborts. */
  @Override
  public void close() {
    failure.record(new IllegalStateException("closed"));
    producer.close(Duration.ZERO);
  }
}
