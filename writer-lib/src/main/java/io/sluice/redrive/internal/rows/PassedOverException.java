package io.sluice.redrive.internal.rows;

import io.sluice.redrive.RedriveOutcome.PassedOver;

/** Ends a transaction that cannot be done for the sake of some of its events. */
public final class PassedOverException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient PassedOver outcome;

  public PassedOverException(PassedOver outcome) {
    super(outcome.reason());
    this.outcome = outcome;
  }

  public PassedOver outcome() {
    return outcome;
  }
}
