package io.sluice.examples.trading;

import java.math.BigDecimal;

/** A user cannot pay. */
final class InsufficientFundsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  InsufficientFundsException(String userId, BigDecimal amount) {
    super("user %s has no %s to spend".formatted(userId, amount));
  }
}
