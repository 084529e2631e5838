package io.sluice.outbox;

/**
 * The delivery status of an event. Stored by name in the {@code status} column.
 *
 * <p>The transitions are {@code PENDING → PUBLISHED | RETRY | FAILED} and {@code RETRY → PUBLISHED
 * | RETRY | FAILED}. A status never moves backwards; a redrive inserts the row again.
 */
public enum OutboxStatus {
  /** Written; no attempt has failed. */
  PENDING,
  /** An attempt has failed; there will be another. */
  RETRY,
  /** The handler has succeeded. Final. */
  PUBLISHED,
  /** The maximum of attempts has failed. Final until the event is redriven. */
  FAILED;

  /** Whether there are no further attempts. */
  public boolean isFinal() {
    return this == PUBLISHED || this == FAILED;
  }
}
