package io.sluice.outbox;

/**
 * Where an event stands. Stored by name in the {@code status} column.
 *
 * <p>The moves are {@code PENDING → PUBLISHED | RETRY | FAILED} and {@code RETRY → PUBLISHED |
 * RETRY | FAILED}; a status never moves backwards.
 */
public enum OutboxStatus {
  /** Written; no handler has finished with it yet. */
  PENDING,
  /** A handler failed; it will be tried again. */
  RETRY,
  /** A handler succeeded. Final. */
  PUBLISHED,
  /** Handlers failed as often as the event allows. Final until somebody redrives it. */
  FAILED;

  /** Whether no further attempt is made on its own. */
  public boolean isFinal() {
    return this == PUBLISHED || this == FAILED;
  }
}
