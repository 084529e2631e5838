package io.sluice.handlers.internal.deadletter;

import io.sluice.handlers.internal.dispatch.HandlerThreads;
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
 * Sends the dead letters of one domain, from a thread of its own, since a producer may block where
 * a topic is missing. Thread-safe.
 */
public final class DeadLetters implements AutoCloseable {

  private static final long IDLE_SECONDS = 30;

  private final LetterProducers producers;
  private final ThreadPoolExecutor thread;

  /**
   * @param producers the runtime's
   */
  public DeadLetters(LetterProducers producers, String threadPrefix) {
    this.producers = producers;
    // Its queue needs no bound: no more letters are under way than calls.
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
   * Sends a letter.
   *
   * @param whenSent called once, on any thread: with nothing when the brokers have it, else with
   *     why they do not
   */
  public void send(DeadLetter letter, Consumer<@Nullable Exception> whenSent) {
    inTurn(
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

  private void sendWithoutPayload(DeadLetter letter, Consumer<@Nullable Exception> whenSent) {
    inTurn(() -> send(letter::recordWithoutPayload, whenSent), whenSent);
  }

  /** On the own thread, since this may also be the producer's, which must not wait. */
  private void inTurn(Runnable sending, Consumer<@Nullable Exception> whenSent) {
    try {
      thread.execute(sending);
    } catch (RejectedExecutionException e) {
      whenSent.accept(e);
    }
  }

  private void send(
      Supplier<ProducerRecord<byte[], byte[]>> letter, Consumer<@Nullable Exception> whenSent) {
    try {
      send(producers.current(), letter.get(), whenSent);
    } catch (RuntimeException e) {
      whenSent.accept(e);
    } catch (Error e) {
      whenSent.accept(new KafkaException(e));
    }
  }

  private void send(
      Producer<byte[], byte[]> producer,
      ProducerRecord<byte[], byte[]> record,
      Consumer<@Nullable Exception> whenSent) {
    try {
      // The callback is told all that the future is.
      var unused =
          producer.send(
              record,
              (sent, failure) -> {
                if (failure != null) {
                  producers.failed(producer, failure);
                }
                whenSent.accept(failure);
              });
    } catch (RuntimeException e) {
      producers.failed(producer, e);
      throw e;
    }
  }

  /** Ends its thread; the producer is the runtime's to close. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
