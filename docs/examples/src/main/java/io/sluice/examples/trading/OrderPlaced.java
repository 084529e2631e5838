package io.sluice.examples.trading;

import java.math.BigDecimal;
import java.util.Objects;

/** The payload of a placed order. */
record OrderPlaced(String orderId, String userId, String symbol, BigDecimal amount) {

  OrderPlaced {
    Objects.requireNonNull(orderId, "orderId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(amount, "amount");
  }
}
