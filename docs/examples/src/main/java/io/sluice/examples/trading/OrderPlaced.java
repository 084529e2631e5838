package io.sluice.examples.trading;

import java.math.BigDecimal;
import java.util.Objects;

/** What is told of an order that was placed. */
record OrderPlaced(String orderId, String userId, String symbol, BigDecimal amount) {

  OrderPlaced {
    Objects.requireNonNull(orderId, "orderId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(amount, "amount");
  }
}
