package io.sluice.examples.frameworks;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import io.sluice.writer.OutboxWriter;
import org.jooq.DSLContext;

/** With jOOQ. */
record JooqOrders(DSLContext database, OutboxWriter outbox, Limits limits) implements Orders {

  @Override
  public void place(Order order) {
    database.transaction(
        configuration -> {
          DSLContext transaction = configuration.dsl();
          transaction
              .insertInto(table("orders"), field("id"), field("user_id"), field("amount"))
              .values(order.id(), order.userId(), order.amount())
              .execute();
          transaction.connection(connection -> outbox.append(connection, order.created()));
          limits.check(order);
        });
  }
}
