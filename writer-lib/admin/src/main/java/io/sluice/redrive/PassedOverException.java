package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.PassedOver;

/** Rolls back a transaction because at least one of its events cannot be redriven now. */
final class PassedOverException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient PassedOver outcome;

  PassedOverException(PassedOver outcome) {
    super(outcome.reason());
    this.outcome = outcome;
  }

  PassedOver outcome() {
    return outcome;
  }
}
