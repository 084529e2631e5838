package io.sluice.examples.frameworks;

import io.sluice.writer.OutboxWriter;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Session;

/** With JPA, by Hibernate. */
record JpaOrders(EntityManagerFactory database, OutboxWriter outbox, Limits limits)
    implements Orders {

  @Override
  public void place(Order order) {
    database.runInTransaction(
        entityManager -> {
          entityManager.persist(new OrderEntity(order));
          entityManager
              .unwrap(Session.class)
              .doWork(connection -> outbox.append(connection, order.created()));
          limits.check(order);
        });
  }
}
