package io.sluice.examples.spring;

import java.math.BigDecimal;
import java.util.Objects;

/** The payload of a fill, a part of an order that was bought. */
record Fill(String userId, String symbol, BigDecimal quantity) {

  Fill {
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(symbol, "symbol");
    Objects.requireNonNull(quantity, "quantity");
  }
}
