package io.sluice.handlers.internal.deadletter;

import org.apache.kafka.clients.producer.Producer;

/** Where the producer of dead letters comes from. Thread-safe. */
public interface LetterProducers {

  /** The producer, made when it is first needed; not the caller's to close. */
  Producer<byte[], byte[]> current();

  /**
   * Tells that a producer could not send, so that the next letter has another where this one never
   * will again. Does not block.
   */
  void failed(Producer<byte[], byte[]> producer, Exception failure);
}
