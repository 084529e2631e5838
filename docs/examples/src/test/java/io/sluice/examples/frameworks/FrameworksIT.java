package io.sluice.examples.frameworks;

import static io.sluice.examples.Queries.rows;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceConfiguration;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.ibatis.mapping.Environment;
import org.apache.ibatis.session.Configuration;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.apache.ibatis.session.SqlSessionFactoryBuilder;
import org.apache.ibatis.transaction.jdbc.JdbcTransactionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class FrameworksIT {

  private static final Order GOOD = new Order("good", "ada", new BigDecimal("100.00"));
  private static final Order TOO_LARGE = new Order("large", "ada", new BigDecimal("99999.00"));

  private final OutboxWriter outbox = new OutboxWriter();
  private final Limits limits =
      order -> {
        if (order.amount().compareTo(new BigDecimal("1000")) > 0) {
          throw new LimitExceededException(order);
        }
      };
  private final Database database;
  private final DataSource source;

  FrameworksIT(Sandbox sandbox) {
    database = sandbox.database("orders");
    source = database.dataSource();
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    database.run(
        "DROP TABLE IF EXISTS orders, outbox_events;"
            + OutboxTable.ddl()
            + "; CREATE TABLE orders (id VARCHAR(36) PRIMARY KEY, user_id VARCHAR(36) NOT NULL,"
            + " amount DECIMAL(12, 2) NOT NULL)");
  }

  @Test
  void withJdbc() throws Exception {
    writesBothOrNeither(new JdbcOrders(source, outbox, limits));
  }

  @Test
  void withJooq() throws Exception {
    writesBothOrNeither(new JooqOrders(DSL.using(source, SQLDialect.MYSQL), outbox, limits));
  }

  @Test
  void withJpa() throws Exception {
    try (EntityManagerFactory factory = entityManagers()) {
      writesBothOrNeither(new JpaOrders(factory, outbox, limits));
    }
  }

  @Test
  void jpaLendsItsConnectionToo() throws SQLException {
    try (EntityManagerFactory factory = entityManagers()) {
      factory.runInTransaction(
          entityManager ->
              entityManager.<Connection>runWithConnection(
                  connection -> outbox.append(connection, GOOD.created())));
    }

    assertEquals(1, rows(database, "outbox_events"));
  }

  @Test
  void withJdbi() throws Exception {
    writesBothOrNeither(new JdbiOrders(Jdbi.create(source), outbox, limits));
  }

  @Test
  void withMyBatis() throws Exception {
    writesBothOrNeither(new MyBatisOrders(sessions(), outbox, limits));
  }

  /** Why the example rolls back by force. */
  @Test
  void myBatisCommitsAtItsEndWhatNoMapperHasWritten() throws SQLException {
    try (SqlSession session = sessions().openSession()) {
      outbox.append(session.getConnection(), GOOD.created());
      session.rollback(true);
    }
    assertEquals(0, rows(database, "outbox_events"));

    try (SqlSession session = sessions().openSession()) {
      outbox.append(session.getConnection(), GOOD.created());
      session.rollback();
    }
    assertEquals(1, rows(database, "outbox_events"));
  }

  private void writesBothOrNeither(Orders orders) throws Exception {
    orders.place(GOOD);

    assertEquals(1, rows(database, "orders"));
    assertEquals(1, rows(database, "outbox_events WHERE aggregate_id = 'good'"));

    assertThrows(LimitExceededException.class, () -> orders.place(TOO_LARGE));

    assertEquals(1, rows(database, "orders"));
    assertEquals(1, rows(database, "outbox_events"));
  }

  private EntityManagerFactory entityManagers() {
    return new PersistenceConfiguration("orders")
        .managedClass(OrderEntity.class)
        .property("jakarta.persistence.nonJtaDataSource", source)
        .createEntityManagerFactory();
  }

  private SqlSessionFactory sessions() {
    Configuration configuration =
        new Configuration(new Environment("orders", new JdbcTransactionFactory(), source));
    configuration.addMapper(OrderMapper.class);
    return new SqlSessionFactoryBuilder().build(configuration);
  }
}
