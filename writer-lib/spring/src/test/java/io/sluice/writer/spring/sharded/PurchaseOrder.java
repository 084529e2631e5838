package io.sluice.writer.spring.sharded;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** The entity of the example. */
@Entity
@Table(name = "orders")
class PurchaseOrder {

  @Id private String id = "";

  protected PurchaseOrder() {}

  PurchaseOrder(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }
}
