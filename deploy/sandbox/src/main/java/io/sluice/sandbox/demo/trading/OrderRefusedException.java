package io.sluice.sandbox.demo.trading;

import java.math.BigDecimal;

/** An order exceeds the credit of its user. */
final class OrderRefusedException extends Exception {

  private static final long serialVersionUID = 1;

  OrderRefusedException(String userId, BigDecimal amount) {
    super("order of %s over %s USD is beyond the credit".formatted(userId, amount));
  }
}
