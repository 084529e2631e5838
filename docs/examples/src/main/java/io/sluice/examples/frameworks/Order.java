package io.sluice.examples.frameworks;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import java.math.BigDecimal;
import java.util.Objects;

/** What a user wants to buy. */
record Order(String id, String userId, BigDecimal amount) {

  Order {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(amount, "amount");
  }

  OutboxEvent created() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", id)
        .payload(this)
        .build();
  }
}
