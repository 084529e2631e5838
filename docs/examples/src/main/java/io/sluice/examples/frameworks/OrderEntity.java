package io.sluice.examples.frameworks;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;

/** An order as JPA stores it. */
@Entity
@Table(name = "orders")
class OrderEntity {

  @Id String id;

  @Column(name = "user_id")
  String userId;

  BigDecimal amount;

  OrderEntity(Order order) {
    id = order.id();
    userId = order.userId();
    amount = order.amount();
  }

  /** For JPA. */
  protected OrderEntity() {
    this(new Order("", "", BigDecimal.ZERO));
  }
}
