package io.sluice.handlers.internal.deadletter;

import org.apache.kafka.clients.producer.Producer;

/** For tests in which no dead letter is due. */
public final class NoLetters implements LetterProducers {

  @Override
  public Producer<byte[], byte[]> current() {
    throw new IllegalStateException("no letter is due");
  }

  @Override
  public void failed(Producer<byte[], byte[]> producer, Exception failure) {
    throw new IllegalStateException("no letter is due", failure);
  }
}
