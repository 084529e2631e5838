package io.sluice.writer.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.TransactionRequiredException;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.SharedEntityManagerCreator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.Transactional;

/** An application with Hibernate, configured by Spring Boot. */
@SandboxTest
class JpaIT {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Orders.class)
  static class Application {}

  @Entity(name = "Purchase")
  @Table(name = "orders")
  static class Order {
    @Id private String id = "";

    protected Order() {}

    Order(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }
  }

  static class Orders {
    private final EntityManager entities;
    private final SpringOutbox outbox;

    Orders(EntityManagerFactory factory, SpringOutbox outbox) {
      this.entities = SharedEntityManagerCreator.createSharedEntityManager(factory);
      this.outbox = outbox;
    }

    @Transactional
    public void place(String id) {
      entities.persist(new Order(id));
      outbox.append(Shop.orderCreated(id));
    }

    @Transactional
    public void placeAndFail(String id) {
      entities.persist(new Order(id));
      outbox.append(Shop.orderCreated(id));
      entities.flush();
      throw new IllegalStateException("refused");
    }

    public void placeWithoutTransaction(String id) {
      outbox.append(Shop.orderCreated(id));
    }
  }

  private final Shop shop;
  private final ConfigurableApplicationContext context;
  private final Orders orders;

  JpaIT(Sandbox sandbox) throws SQLException {
    shop = Shop.open(sandbox.database("shop"));
    context = shop.application(Application.class);
    orders = context.getBean(Orders.class);
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    Shop.open(shop.database());
  }

  @AfterEach
  void close() {
    context.close();
  }

  @Test
  void theEventSharesTheEntityManagersTransaction() throws SQLException {
    assertInstanceOf(
        JpaTransactionManager.class, context.getBean(PlatformTransactionManager.class));

    orders.place("1");
    assertThrows(IllegalStateException.class, () -> orders.placeAndFail("2"));
    assertThrows(TransactionRequiredException.class, () -> orders.placeWithoutTransaction("3"));

    assertEquals(List.of("1"), shop.orders());
    assertEquals(List.of("1"), shop.published());
  }

  /** With these settings, Hibernate fetches the connection at the first statement. */
  @Test
  void theConnectionMayBeFetchedLate() throws SQLException {
    try (ConfigurableApplicationContext late =
        shop.application(
            Application.class,
            "spring.datasource.hikari.auto-commit=false",
            "spring.jpa.properties.hibernate.connection.provider_disables_autocommit=true")) {
      Orders placing = late.getBean(Orders.class);
      placing.place("1");
      assertThrows(IllegalStateException.class, () -> placing.placeAndFail("2"));
    }

    assertEquals(List.of("1"), shop.orders());
    assertEquals(List.of("1"), shop.published());
  }
}
