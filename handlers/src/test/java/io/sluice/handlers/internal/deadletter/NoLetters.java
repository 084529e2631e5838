package io.sluice.handlers.internal.deadletter;

import java.time.InstantSource;

/** For tests that send no dead letter. */
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
