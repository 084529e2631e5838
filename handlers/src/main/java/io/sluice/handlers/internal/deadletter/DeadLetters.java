package io.sluice.handlers.internal.deadletter;

import io.sluice.handlers.internal.HandlerThreads;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the dead letters of one domain, on a separate thread, because the producer blocks while a
 * topic is missing. Thread-safe.
 */
public final class DeadLetters implements AutoCloseable {

  private static final long IDLE_SECONDS = 30;

  private final DeadLetterProducer producer;
  private final PayloadSource payloads;
  private final ThreadPoolExecutor thread;

  /** Reads payloads that are no longer in memory. */
  public interface PayloadSource extends AutoCloseable {

    /**
     * Reads the payload of a record.
     *
     * @return the payload; empty if the brokers have deleted the record
     */
    Optional<byte[]> read(RecordOrigin record);

    @Override
    default void close() {}
  }

  /**
   * @param producer the producer of all domains, which the runtime closes
   * @param payloads closed with this object
   */
  public DeadLetters(DeadLetterProducer producer, PayloadSource payloads, String threadPrefix) {
    this.producer = producer;
    this.payloads = payloads;
    // The queue needs no limit, because the limit of outstanding events bounds it.
    thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            HandlerThreads.daemons(threadPrefix));
    thread.allowCoreThreadTimeOut(true);
  }

  /**
   * Sends a dead letter.
   *
   * @param whenSent called once, on any thread, with null when the brokers have stored the record,
   *     otherwise with the failure
   */
  public void send(DeadLetter letter, Consumer<@Nullable Exception> whenSent) {
    execute(
        () ->
            send(
                letter::record,
                failure -> {
                  if (failure instanceof RecordTooLargeException) {
                    sendWithoutPayload(letter, whenSent);
                  } else {
                    whenSent.accept(failure);
                  }
                }),
        whenSent);
  }

  /** Sends the dead letter of an event whose payload is not in memory. */
  public void sendWithPayloadOfRecord(DeadLetter letter, Consumer<@Nullable Exception> whenSent) {
    execute(
        () -> {
          Optional<byte[]> payload;
          try {
            payload = payloads.read(letter.origin());
          } catch (RuntimeException e) {
            whenSent.accept(e);
            return;
          } catch (Error e) {
            whenSent.accept(new KafkaException(e));
            return;
          }
          payload
              .map(letter::withPayload)
              .ifPresentOrElse(
                  loaded -> send(loaded, whenSent), () -> send(letter::recordOfDeleted, whenSent));
        },
        whenSent);
  }

  private void sendWithoutPayload(DeadLetter letter, Consumer<@Nullable Exception> whenSent) {
    execute(() -> send(letter::recordWithoutPayload, whenSent), whenSent);
  }

  /** Runs on the separate thread, because the caller's may be the producer's. */
  private void execute(Runnable sending, Consumer<@Nullable Exception> whenSent) {
    try {
      thread.execute(sending);
    } catch (RejectedExecutionException e) {
      whenSent.accept(e);
    }
  }

  private void send(
      Supplier<ProducerRecord<byte[], byte[]>> letter, Consumer<@Nullable Exception> whenSent) {
    try {
      send(producer.current(), letter.get(), whenSent);
    } catch (RuntimeException e) {
      whenSent.accept(e);
    } catch (Error e) {
      whenSent.accept(new KafkaException(e));
    }
  }

  private void send(
      Producer<byte[], byte[]> current,
      ProducerRecord<byte[], byte[]> record,
      Consumer<@Nullable Exception> whenSent) {
    try {
      // The callback receives the same failure as the future.
      var unused =
          current.send(
              record,
              (sent, failure) -> {
                if (failure != null) {
                  producer.failed(current, failure);
                }
                whenSent.accept(failure);
              });
    } catch (RuntimeException e) {
      producer.failed(current, e);
      throw e;
    }
  }

  @Override
  public void close() {
    thread.shutdown();
    payloads.close();
  }
}
