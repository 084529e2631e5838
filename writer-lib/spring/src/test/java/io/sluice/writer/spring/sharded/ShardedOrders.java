package io.sluice.writer.spring.sharded;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.writer.spring.SpringOutbox;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Orders of two shards. Each method names the transaction manager of the shard it writes to. */
@Service
class ShardedOrders {

  private static final ShardId EU = ShardId.of("eu");
  private static final ShardId US = ShardId.of("us");

  private final EntityManager eu;
  private final EntityManager us;
  private final SpringOutbox outbox;

  ShardedOrders(
      @Qualifier("euEntities") EntityManagerFactory eu,
      @Qualifier("usEntities") EntityManagerFactory us,
      SpringOutbox outbox) {
    this.eu = SharedEntityManagerCreator.createSharedEntityManager(eu);
    this.us = SharedEntityManagerCreator.createSharedEntityManager(us);
    this.outbox = outbox;
  }

  @Transactional("euTransactions")
  public void placeInEurope(PurchaseOrder order) {
    eu.persist(order);
    outbox.append(EU, created(order));
  }

  @Transactional("usTransactions")
  public void placeInAmerica(PurchaseOrder order) {
    us.persist(order);
    outbox.append(US, created(order));
  }

  private static OutboxEvent created(PurchaseOrder order) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", order.id())
        .payload("{\"id\": \"" + order.id() + "\"}")
        .build();
  }
}
