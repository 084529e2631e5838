package io.sluice.relay.publish;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.record.Refusal;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes without transactions. It sends the state after Kafka has acknowledged all events. If
 * the relay ends in between, the next owner publishes the events again.
 */
final class AcknowledgedPublisher implements Publisher {

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock, except when it is closed. */
  private final Producer<byte[], byte[]> producer;

  private final FirstFailure failure = new FirstFailure();

  /** Longer than the producer's own timeouts, after which each send has succeeded or failed. */
  private final Duration timeout;

  private AcknowledgedPublisher(Producer<byte[], byte[]> producer, Duration timeout) {
    this.producer = producer;
    this.timeout = timeout;
  }

  /**
   * Opens a publisher. It does not fence a predecessor.
   *
   * @param maxRequestSize maximum bytes of a record
   * @param patience time limit of each step of a publication
   */
  public static AcknowledgedPublisher open(
      KafkaSettings kafka, int maxRequestSize, Duration patience) {
    return new AcknowledgedPublisher(
        new KafkaProducer<>(ProducerProperties.of(kafka, maxRequestSize, patience)),
        patience.multipliedBy(3));
  }

  @Override
  public void publish(
      List<ProducerRecord<byte[], byte[]>> events, List<ProducerRecord<byte[], byte[]>> state) {
    lock.lock();
    try {
      failure.requireNone();
      awaitAll(events);
      // One at a time: a position must not be stored before the records that precede it.
      state.forEach(record -> awaitAll(List.of(record)));
    } catch (RefusedRecordsException e) {
      throw e; // the other records are readable, and appear again
    } catch (RuntimeException | Error e) {
      failure.record(e);
      throw e;
    } finally {
      lock.unlock();
    }
  }

  private void awaitAll(List<ProducerRecord<byte[], byte[]>> records) {
    List<Future<RecordMetadata>> sent = new ArrayList<>(records.size());
    try {
      for (ProducerRecord<byte[], byte[]> record : records) {
        Future<RecordMetadata> future = producer.send(record);
        sent.add(future);
        if (future.isDone()) {
          future.get(); // fails fast: if send() failed after a long wait, the next one would too
        }
      }
      for (Future<RecordMetadata> future : sent) {
        future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (ExecutionException | KafkaException e) {
      throw failure(records, sent, e);
    } catch (TimeoutException e) {
      throw notAcknowledged(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notAcknowledged(e);
    }
  }

  private RuntimeException failure(
      List<ProducerRecord<byte[], byte[]>> records,
      List<Future<RecordMetadata>> sent,
      Exception cause) {
    Optional<Exception> refusalOfRecord = KafkaRefusal.find(cause, sent);
    if (refusalOfRecord.isPresent()) {
      return KafkaRefusal.among(records, sent, this::attempt, refusalOfRecord.get());
    }
    return KafkaRefusal.of(cause)
        .<RuntimeException>map(refusal -> refusal)
        .orElseGet(() -> cause instanceof KafkaException known ? known : notAcknowledged(cause));
  }

  private Optional<Refusal> attempt(ProducerRecord<byte[], byte[]> record) {
    try {
      producer.send(record).get();
      return Optional.empty();
    } catch (ExecutionException e) {
      return Optional.of(KafkaRefusal.ofRecord(e).orElseThrow(() -> notAcknowledged(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notAcknowledged(e);
    }
  }

  private static TransientException notAcknowledged(Exception cause) {
    return new TransientException("Kafka did not acknowledge all events: " + cause, cause);
  }

  @Override
  public Optional<Throwable> failure() {
    return failure.cause();
  }

  @Override
  public void close() {
    failure.record(new IllegalStateException("closed"));
    producer.close(Duration.ZERO);
  }
}
