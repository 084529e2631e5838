package io.sluice.examples.trading;

import java.math.BigDecimal;
import java.util.Objects;

/** The payload of a fill, a part of an order that was bought. */
record OrderFilled(String orderId, String userId, String symbol, BigDecimal quantity) {

  OrderFilled {
    Objects.requireNonNull(orderId, "orderId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(quantity, "quantity");
  }
}
