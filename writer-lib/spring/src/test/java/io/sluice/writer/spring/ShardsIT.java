package io.sluice.writer.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.TransactionRequiredException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Two shards, each with a data source and a transaction manager. */
@SandboxTest
class ShardsIT {

  private static final ShardId ONE = ShardId.of("shard-1");
  private static final ShardId TWO = ShardId.of("shard-2");

  private final Shop one;
  private final Shop two;
  private final DataSource first;
  private final DataSource second;

  ShardsIT(Sandbox sandbox) throws SQLException {
    one = Shop.open(sandbox.database("one"));
    two = Shop.open(sandbox.database("two"));
    first = one.database().dataSource();
    second = two.database().dataSource();
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    Shop.open(one.database());
    Shop.open(two.database());
  }

  private void run(Consumer<ApplicationContext> test) {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SluiceWriterAutoConfiguration.class))
        .withBean("first", DataSource.class, () -> first)
        .withBean("second", DataSource.class, () -> second)
        .withPropertyValues(
            "sluice.writer.shards.shard-1=first", "sluice.writer.shards.shard-2=second")
        .run(context -> test.accept(context));
  }

  private static TransactionTemplate transactionsOf(DataSource dataSource) {
    return new TransactionTemplate(new JdbcTransactionManager(dataSource));
  }

  @Test
  void anEventIsWrittenToItsShard() throws SQLException {
    run(
        context -> {
          SpringOutbox outbox = context.getBean(SpringOutbox.class);
          transactionsOf(first)
              .executeWithoutResult(status -> outbox.append(ONE, Shop.orderCreated("1")));
          transactionsOf(second)
              .executeWithoutResult(status -> outbox.append(TWO, Shop.orderCreated("2")));
        });

    assertEquals(List.of("1"), one.published());
    assertEquals(List.of("2"), two.published());
  }

  @Test
  void aTransactionOfAnotherShardIsRefused() throws SQLException {
    run(
        context -> {
          SpringOutbox outbox = context.getBean(SpringOutbox.class);
          transactionsOf(first).executeWithoutResult(status -> refuses(outbox, TWO));
        });

    assertEquals(List.of(), two.published());
  }

  /** In a transaction, Spring binds the template's connection to the thread in autocommit mode. */
  @Test
  void aTransactionOfAnotherShardIsRefusedIfThisShardHasABoundConnection() throws SQLException {
    run(
        context -> {
          SpringOutbox outbox = context.getBean(SpringOutbox.class);
          transactionsOf(first)
              .executeWithoutResult(
                  status -> {
                    new JdbcTemplate(second).update(Shop.INSERT, "apart");
                    refuses(outbox, TWO);
                  });
        });

    assertEquals(List.of(), two.published());
    assertEquals(List.of("apart"), two.orders());
  }

  /** A pool with autocommit off would lose the inserted event when the connection is returned. */
  @Test
  void aTransactionOfAnotherShardIsRefusedIfThePoolHasAutocommitOff() {
    SpringOutbox outbox = outboxOverFirstAnd(withoutAutocommit(second));

    transactionsOf(first).executeWithoutResult(status -> refuses(outbox, TWO));
  }

  /** A limitation in docs/spring.md: this looks like a transaction. */
  @Test
  void aConnectionThatIsNeverCommittedLosesDataAndEvent() throws SQLException {
    DataSource withoutAutocommit = withoutAutocommit(second);
    SpringOutbox outbox = outboxOverFirstAnd(withoutAutocommit);

    transactionsOf(first)
        .executeWithoutResult(
            status -> {
              new JdbcTemplate(withoutAutocommit).update(Shop.INSERT, "1");
              outbox.append(TWO, Shop.orderCreated("1"));
            });

    assertEquals(List.of(), two.orders());
    assertEquals(List.of(), two.published());
  }

  private SpringOutbox outboxOverFirstAnd(DataSource ofShardTwo) {
    return SpringOutbox.of(
        ShardDataSources.of(Map.of(ONE, first, TWO, ofShardTwo)), new OutboxWriter());
  }

  private static DataSource withoutAutocommit(DataSource target) {
    return new DelegatingDataSource(target) {
      @Override
      public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        connection.setAutoCommit(false);
        return connection;
      }
    };
  }

  private static void refuses(SpringOutbox outbox, ShardId shard) {
    TransactionRequiredException refused =
        assertThrows(
            TransactionRequiredException.class, () -> outbox.append(shard, Shop.orderCreated("1")));
    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("of the DataSource of shard '" + shard + "'"), message);
  }

  @Test
  void transactionsOfSeveralShardsCanBeOpen() throws SQLException {
    run(
        context -> {
          SpringOutbox outbox = context.getBean(SpringOutbox.class);
          transactionsOf(first)
              .executeWithoutResult(
                  around -> {
                    transactionsOf(second)
                        .executeWithoutResult(
                            inner -> {
                              outbox.append(ONE, Shop.orderCreated("1"));
                              outbox.append(TWO, Shop.orderCreated("2"));
                            });
                    around.setRollbackOnly();
                  });
        });

    assertEquals(List.of(), one.published());
    assertEquals(List.of("2"), two.published());
  }

  @Test
  void aMissingOrUnknownShardIsRefused() {
    run(
        context -> {
          SpringOutbox outbox = context.getBean(SpringOutbox.class);
          String unnamed =
              String.valueOf(
                  assertThrows(
                          IllegalStateException.class, () -> outbox.append(Shop.orderCreated("1")))
                      .getMessage());
          assertTrue(unnamed.contains("[shard-1, shard-2]: name the one to write to"), unnamed);
          String unknown =
              String.valueOf(
                  assertThrows(
                          IllegalArgumentException.class,
                          () -> outbox.append(ShardId.of("shard-3"), Shop.orderCreated("1")))
                      .getMessage());
          assertTrue(unknown.contains("shard 'shard-3' has no data source"), unknown);
        });
  }

  @Test
  void serviceAndRepositoryUseTheShards() {
    run(
        context -> {
          context.getBean(OutboxService.class).publish(TWO, Shop.orderCreated("2"));

          assertEquals(Set.of(ONE, TWO), context.getBean(ShardDataSources.class).shards());
          OutboxRepository repository = context.getBean(OutboxRepository.class);
          assertEquals(List.of(), repository.pending(ONE, 10));
          assertEquals("2", repository.pending(TWO, 10).get(0).event().aggregateId());
        });
  }
}
