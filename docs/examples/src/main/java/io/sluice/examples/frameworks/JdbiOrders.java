package io.sluice.examples.frameworks;

import io.sluice.writer.OutboxWriter;
import org.jdbi.v3.core.Jdbi;

/** With Jdbi. */
record JdbiOrders(Jdbi database, OutboxWriter outbox, Limits limits) implements Orders {

  private static final String INSERT = "INSERT INTO orders (id, user_id, amount) VALUES (?, ?, ?)";

  @Override
  public void place(Order order) {
    database.useTransaction(
        handle -> {
          handle.execute(INSERT, order.id(), order.userId(), order.amount());
          outbox.append(handle.getConnection(), order.created());
          limits.check(order);
        });
  }
}
