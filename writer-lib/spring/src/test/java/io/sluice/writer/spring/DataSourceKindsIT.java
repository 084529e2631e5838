package io.sluice.writer.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.TransactionRequiredException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.datasource.lookup.AbstractRoutingDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's data sources that wrap others. */
@SandboxTest
class DataSourceKindsIT {

  private final OutboxWriter writer = new OutboxWriter();
  private final Shop shop;
  private final Shop other;

  DataSourceKindsIT(Sandbox sandbox) throws SQLException {
    shop = Shop.open(sandbox.database("shop"));
    other = Shop.open(sandbox.database("other"));
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    Shop.open(shop.database());
    Shop.open(other.database());
  }

  private static TransactionTemplate transactionsOf(DataSource dataSource) {
    return new TransactionTemplate(new DataSourceTransactionManager(dataSource));
  }

  /** Commits one order and rolls back another. */
  private void place(TransactionTemplate transactions, DataSource ofOutbox, DataSource ofOrders) {
    SpringOutbox outbox = SpringOutbox.of(ofOutbox, writer);
    JdbcTemplate orders = new JdbcTemplate(ofOrders);
    for (boolean fails : new boolean[] {false, true}) {
      transactions.executeWithoutResult(
          status -> {
            String id = fails ? "failed" : "placed";
            outbox.append(Shop.orderCreated(id));
            orders.update(Shop.INSERT, id);
            if (fails) {
              status.setRollbackOnly();
            }
          });
    }
  }

  private static void assertOneWasPlaced(Shop shop) throws SQLException {
    assertEquals(List.of("placed"), shop.orders());
    assertEquals(List.of("placed"), shop.published());
  }

  @Test
  void aPoolWithAutocommitOff() throws SQLException {
    try (HikariDataSource pool = new HikariDataSource()) {
      pool.setDataSource(shop.database().dataSource());
      pool.setAutoCommit(false);
      pool.setMaximumPoolSize(1);

      place(transactionsOf(pool), pool, pool);
    }

    assertOneWasPlaced(shop);
  }

  @Test
  void aLazyConnectionProxy() throws SQLException {
    DataSource lazy = new LazyConnectionDataSourceProxy(shop.database().dataSource());

    place(transactionsOf(lazy), lazy, lazy);

    assertOneWasPlaced(shop);
  }

  @Test
  void aTransactionAwareProxyForTheOutbox() throws SQLException {
    DataSource target = shop.database().dataSource();
    DataSource aware = new TransactionAwareDataSourceProxy(target);

    place(transactionsOf(target), aware, target);

    assertOneWasPlaced(shop);
  }

  @Test
  void aTransactionAwareProxyForBoth() throws SQLException {
    DataSource aware = new TransactionAwareDataSourceProxy(shop.database().dataSource());

    place(transactionsOf(aware), aware, aware);

    assertOneWasPlaced(shop);
  }

  @Test
  void aRoutingDataSourceFollowsTheTransaction() throws SQLException {
    var routing =
        new AbstractRoutingDataSource() {
          private String shard = "shop";

          @Override
          protected Object determineCurrentLookupKey() {
            return shard;
          }
        };
    routing.setTargetDataSources(
        Map.of("shop", shop.database().dataSource(), "other", other.database().dataSource()));
    routing.afterPropertiesSet();

    routing.shard = "other";
    place(transactionsOf(routing), routing, routing);

    assertOneWasPlaced(other);
    assertEquals(List.of(), shop.published());
  }

  @Test
  void managerAndOutboxNeedTheSameDataSource() throws SQLException {
    DataSource target = shop.database().dataSource();
    TransactionTemplate lazily = transactionsOf(new LazyConnectionDataSourceProxy(target));

    TransactionRequiredException refused =
        assertThrows(TransactionRequiredException.class, () -> place(lazily, target, target));

    assertTrue(
        String.valueOf(refused.getMessage()).contains("the same DataSource bean"),
        refused.getMessage());
    assertEquals(List.of(), shop.published());
  }
}
