package io.sluice.handlers.internal.deadletter;

import java.time.InstantSource;

/** A dead letter producer for tests that send no dead letters. */
public final class NoLetters {

  private NoLetters() {}

  /** A producer that cannot be created. */
  public static DeadLetterProducer producer() {
    return new DeadLetterProducer(
        () -> {
          throw new IllegalStateException("this test sends no dead letter");
        },
        InstantSource.system());
  }
}
