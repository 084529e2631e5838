package io.sluice.writer.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.OutboxEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.EventInsertException;
import io.sluice.writer.TransactionRequiredException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/** An application whose database, transactions and outbox are all configured by Spring Boot. */
@Tag("containers")
@SandboxTest
class SpringOutboxIT {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
        "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
      })
  @Import({Orders.class, LateListener.class})
  static class Application {}

  static class Orders {
    private final JdbcTemplate jdbc;
    private final SpringOutbox outbox;

    Orders(JdbcTemplate jdbc, SpringOutbox outbox) {
      this.jdbc = jdbc;
      this.outbox = outbox;
    }

    @Transactional
    public void place(String id) {
      insert(id);
    }

    @Transactional
    public void placeAndFail(String id) {
      insert(id);
      throw new OrderRefusedException();
    }

    @Transactional(readOnly = true)
    public void placeReadOnly(String id) {
      outbox.append(Shop.orderCreated(id));
    }

    @Transactional(propagation = Propagation.SUPPORTS)
    public void placeWithOrWithout(String id) {
      insert(id);
    }

    private void insert(String id) {
      outbox.append(Shop.orderCreated(id));
      jdbc.update(Shop.INSERT, id);
    }
  }

  static final class OrderRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** Appends an event after the transaction has ended. */
  static class LateListener {
    private final SpringOutbox outbox;
    private String refused = "not asked";

    LateListener(SpringOutbox outbox) {
      this.outbox = outbox;
    }

    @TransactionalEventListener
    public void append(String order) {
      refused = refusal(() -> outbox.append(Shop.orderCreated(order)));
    }

    public String refused() {
      return refused;
    }
  }

  private final Shop shop;
  private final ConfigurableApplicationContext context;
  private final Orders orders;
  private final SpringOutbox outbox;
  private final JdbcTemplate jdbc;

  SpringOutboxIT(Sandbox sandbox) throws SQLException {
    shop = Shop.open(sandbox.database("shop"));
    context = shop.application(Application.class);
    orders = context.getBean(Orders.class);
    outbox = context.getBean(SpringOutbox.class);
    jdbc = context.getBean(JdbcTemplate.class);
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    Shop.open(shop.database());
  }

  @AfterEach
  void everyConnectionIsReturned() {
    try (context) {
      jdbc.execute("DO 0");
      HikariDataSource pool = (HikariDataSource) context.getBean(DataSource.class);
      assertEquals(0, pool.getHikariPoolMXBean().getActiveConnections());
    }
  }

  private TransactionTemplate transaction(int propagation) {
    TransactionTemplate template =
        new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    template.setPropagationBehavior(propagation);
    return template;
  }

  private static String refusal(Executable append) {
    return String.valueOf(assertThrows(TransactionRequiredException.class, append).getMessage());
  }

  @Test
  void aCommitWritesDataAndEvent() throws SQLException {
    orders.place("1");

    assertEquals(List.of("1"), shop.orders());
    assertEquals(List.of("1"), shop.published());
  }

  @Test
  @SuppressWarnings("NullAway") // as callers without a null checker may do
  void aMissingEventIsNamed() {
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            status -> {
              IllegalArgumentException refused =
                  assertThrows(
                      IllegalArgumentException.class, () -> outbox.append((OutboxEvent) null));
              assertTrue(
                  String.valueOf(refused.getMessage()).contains("called with null as an event"),
                  refused.getMessage());
            });
  }

  @Test
  void anExceptionRollsBackBoth() throws SQLException {
    assertThrows(OrderRefusedException.class, () -> orders.placeAndFail("1"));

    assertEquals(List.of(), shop.orders());
    assertEquals(List.of(), shop.published());
  }

  @Test
  void withoutATransactionNothingIsWritten() throws SQLException {
    String refused = refusal(() -> outbox.append(Shop.orderCreated("1")));
    assertTrue(refused.startsWith("no transaction is active on this thread"), refused);
    assertTrue(refused.contains("@Transactional method that another bean calls"), refused);

    refusal(() -> orders.placeWithOrWithout("2"));

    assertEquals(List.of(), shop.orders());
    assertEquals(List.of(), shop.published());
  }

  @Test
  void aNewTransactionIsIndependentOfTheOuterOne() throws SQLException {
    TransactionTemplate own = transaction(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            around -> {
              orders.place("around");
              own.executeWithoutResult(inner -> orders.place("own"));
              around.setRollbackOnly();
            });

    assertEquals(List.of("own"), shop.orders());
    assertEquals(List.of("own"), shop.published());
  }

  @Test
  void aNestedTransactionRollsBackToItsSavepoint() throws SQLException {
    TransactionTemplate nested = transaction(TransactionDefinition.PROPAGATION_NESTED);
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            around -> {
              orders.place("around");
              nested.executeWithoutResult(
                  inner -> {
                    orders.place("nested");
                    inner.setRollbackOnly();
                  });
              nested.executeWithoutResult(inner -> orders.place("second"));
            });

    assertEquals(List.of("around", "second"), shop.orders());
    assertEquals(List.of("around", "second"), shop.published());
  }

  @Test
  void aReadOnlyTransactionIsRefused() throws SQLException {
    String refused = refusal(() -> orders.placeReadOnly("1"));

    assertTrue(refused.contains("Orders.placeReadOnly' is read-only"), refused);
    assertEquals(List.of(), shop.published());
  }

  @Test
  void aTransactionThatHasEndedIsRefused() throws SQLException {
    ApplicationEventPublisher events = context;
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            status -> {
              orders.place("1");
              events.publishEvent("2");
            });

    String refused = context.getBean(LateListener.class).refused();
    assertTrue(refused.contains("has ended already"), refused);
    assertTrue(refused.contains("BEFORE_COMMIT"), refused);
    assertEquals(List.of("1"), shop.published());
  }

  @Test
  void theConnectionIsUnchanged() throws SQLException {
    TransactionTemplate serializable = transaction(TransactionDefinition.PROPAGATION_REQUIRED);
    serializable.setIsolationLevel(TransactionDefinition.ISOLATION_SERIALIZABLE);

    serializable.executeWithoutResult(
        status -> {
          outbox.append(Shop.orderCreated("1"));
          jdbc.execute(
              (Connection connection) -> {
                assertFalse(connection.isClosed());
                assertFalse(connection.getAutoCommit());
                assertEquals(
                    Connection.TRANSACTION_SERIALIZABLE, connection.getTransactionIsolation());
                return List.of();
              });
          status.setRollbackOnly();
        });

    assertEquals(List.of(), shop.published());
  }

  @Test
  void aFailureOfTheDatabaseReachesTheCaller() throws SQLException {
    transaction(TransactionDefinition.PROPAGATION_REQUIRED)
        .executeWithoutResult(
            status -> {
              var event = Shop.orderCreated("1");
              outbox.append(event);
              assertThrows(EventInsertException.class, () -> outbox.append(List.of(event)));
              status.setRollbackOnly();
            });

    assertEquals(List.of(), shop.published());
  }

  @Test
  void springRunsTheShippedScript() throws SQLException {
    shop.database().run("DROP TABLE outbox_events");

    new ResourceDatabasePopulator(new ClassPathResource("io/sluice/outbox/outbox_events.sql"))
        .execute(shop.database().dataSource());

    assertEquals(List.of(), shop.published());
  }
}
