package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.PassedOver;

/** Ends a transaction that cannot be done for the sake of some of its events. */
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
