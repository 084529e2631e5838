package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class OutboxServiceIT {

  private final Database global;
  private final Database zero;
  private final OutboxService service;
  private final ExecutorService executor = Executors.newFixedThreadPool(2);

  OutboxServiceIT(Sandbox sandbox) throws SQLException {
    global = prepare(sandbox.database("global"));
    zero = prepare(sandbox.database("zero"));
    service =
        new OutboxService(
            ShardDataSources.of(
                Map.of(ShardId.GLOBAL, global.dataSource(), ShardId.of(0), zero.dataSource())),
            new OutboxWriter());
  }

  private static Database prepare(Database database) throws SQLException {
    database.run(OutboxTable.ddl());
    database.run("CREATE TABLE IF NOT EXISTS orders (id INT PRIMARY KEY)");
    return database;
  }

  @AfterEach
  void endThreads() {
    executor.shutdownNow();
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    for (Database database : new Database[] {global, zero}) {
      database.run("DELETE FROM outbox_events; DELETE FROM orders");
    }
  }

  private static OutboxEvent event() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", "7")
        .json("{}")
        .build();
  }

  private static int insertOrder(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("INSERT INTO orders VALUES (7)");
    }
  }

  private static String counts(Database database) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT (SELECT COUNT(*) FROM orders), (SELECT COUNT(*) FROM outbox_events)")) {
      row.next();
      return "%d orders, %d events".formatted(row.getInt(1), row.getInt(2));
    }
  }

  @Test
  void writesDataAndEventTogetherIntoTheNamedShard() throws SQLException {
    int rows = service.publishInTransaction(ShardId.of(0), event(), OutboxServiceIT::insertOrder);

    assertEquals(1, rows);
    assertEquals("1 orders, 1 events", counts(zero));
    assertEquals("0 orders, 0 events", counts(global));
  }

  @Test
  void severalEventsArePassedAsAListOrAsArguments() throws Exception {
    service.publish(ShardId.of(0), List.of(event(), event()));
    service.publish(ShardId.of(0), event(), event());
    assertEquals("0 orders, 4 events", counts(zero));

    int rows =
        service
            .publishAsync(
                ShardId.of(0),
                List.of(event(), event()),
                connection -> CompletableFuture.completedFuture(insertOrder(connection)),
                executor)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);

    assertEquals(1, rows);
    assertEquals("1 orders, 6 events", counts(zero));
  }

  /** Both forms of a lambda compile; the value of the second is ignored. */
  @Test
  void workWithoutAResultSharesTheTransaction() throws SQLException {
    service.runInTransaction(
        ShardId.of(0),
        List.of(event(), event()),
        connection -> {
          insertOrder(connection);
        });
    assertEquals("1 orders, 2 events", counts(zero));

    service.runInTransaction(ShardId.GLOBAL, event(), connection -> insertOrder(connection));
    assertEquals("1 orders, 1 events", counts(global));
  }

  @Test
  void aFailureOfTheActionRollsBackAndReachesTheCaller() throws SQLException {
    IOException failure = new IOException("the risk service said no");

    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                service.<Exception>runInTransaction(
                    ShardId.GLOBAL,
                    event(),
                    connection -> {
                      insertOrder(connection);
                      throw failure;
                    }));

    assertSame(failure, thrown);
    assertEquals("0 orders, 0 events", counts(global));
  }

  @Test
  void aFailureOfTheOperationRollsBackAndReachesTheCaller() throws SQLException {
    IOException failure = new IOException("the risk service said no");

    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                service.<Integer, Exception>publishInTransaction(
                    ShardId.GLOBAL,
                    event(),
                    connection -> {
                      insertOrder(connection);
                      throw failure;
                    }));

    assertSame(failure, thrown);
    assertEquals("0 orders, 0 events", counts(global));
  }

  @Test
  void aRefusedEventRollsBackTheData() throws SQLException {
    OutboxEvent wrong =
        OutboxEvent.builder(EventDomain.CHAT, "t").aggregate("a", "1").json("{").build();

    assertThrows(
        PayloadException.class,
        () -> service.publishInTransaction(ShardId.GLOBAL, wrong, OutboxServiceIT::insertOrder));

    assertEquals("0 orders, 0 events", counts(global));
  }

  @Test
  void anUnknownShardIsReportedWithTheConfiguredOnes() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                service.publishInTransaction(ShardId.of(1), event(), OutboxServiceIT::insertOrder));

    String message = String.valueOf(refused.getMessage());
    assertTrue(
        message.contains("shard '1' has no data source, the configured shards are"), message);
    assertTrue(message.contains("global"), message);
  }

  @Test
  void aConnectionLostBeforeTheCommitWritesNothing() throws SQLException {
    assertThrows(
        EventInsertException.class,
        () ->
            service.publishInTransaction(
                ShardId.GLOBAL,
                event(),
                connection -> {
                  insertOrder(connection);
                  kill(connection);
                  return 0;
                }));

    assertEquals("0 orders, 0 events", counts(global));
  }

  @Test
  void aCommitThatIsNotConfirmedHasAnUnknownOutcome() {
    OutboxService unlucky =
        new OutboxService(
            ShardDataSources.of(Map.of(ShardId.GLOBAL, losingConnectionsAtCommit())),
            new OutboxWriter());

    TransactionException failure =
        assertThrows(
            TransactionException.class,
            () ->
                unlucky.publishInTransaction(
                    ShardId.GLOBAL, event(), OutboxServiceIT::insertOrder));

    assertEquals(ShardId.GLOBAL, failure.shard());
    assertTrue(failure.isOutcomeUnknown());
    assertFalse(failure.isTransient(), "the transaction may have been committed");
    assertTrue(String.valueOf(failure.getMessage()).contains("look for your data"));
  }

  /** Real connections that are killed on the server just before the commit. */
  private DataSource losingConnectionsAtCommit() {
    return proxy(
        DataSource.class,
        (ignored, method, arguments) -> {
          Connection real = global.connect();
          return proxy(
              Connection.class,
              (connection, called, values) -> {
                if (called.getName().equals("commit")) {
                  kill(real);
                }
                try {
                  return called.invoke(real, values);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
        });
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private void kill(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT CONNECTION_ID()")) {
      row.next();
      global.run("KILL " + row.getLong(1));
    }
  }

  @Test
  void eventsCanDependOnTheResult() throws SQLException {
    int rows =
        service.publishInTransaction(
            ShardId.of(0), OutboxServiceIT::insertOrder, inserted -> List.of(event(), event()));

    assertEquals(1, rows);
    assertEquals("1 orders, 2 events", counts(zero));
  }

  @Test
  void anAsynchronousOperationSharesTheTransactionWithItsEvent() throws Exception {
    CompletableFuture<Integer> work = new CompletableFuture<>();
    CompletableFuture<Connection> begun = new CompletableFuture<>();
    CompletableFuture<Integer> published =
        service
            .<Integer>publishAsync(
                ShardId.of(0),
                event(),
                connection -> {
                  insertOrder(connection);
                  begun.complete(connection);
                  return work;
                },
                executor)
            .toCompletableFuture();

    begun.get(10, TimeUnit.SECONDS);
    assertEquals("0 orders, 0 events", counts(zero));
    assertFalse(published.isDone());
    work.complete(7);

    assertEquals(7, published.get(10, TimeUnit.SECONDS));
    assertEquals("1 orders, 1 events", counts(zero));
    assertTrue(begun.get().isClosed());
  }

  @Test
  void aFailureOfAnAsynchronousOperationRollsBackAndReachesTheCaller() throws Exception {
    IOException failure = new IOException("the risk service said no");

    assertSame(
        failure,
        failureOf(
            connection -> {
              insertOrder(connection);
              return CompletableFuture.supplyAsync(
                  () -> {
                    throw new CompletionException(failure);
                  },
                  executor);
            }));
    assertSame(
        failure,
        failureOf(
            connection -> {
              insertOrder(connection);
              throw failure;
            }));
    assertEquals("0 orders, 0 events", counts(zero));
  }

  private @Nullable Throwable failureOf(AsyncBusinessOperation<Integer> operation) {
    return assertThrows(
            ExecutionException.class,
            () ->
                service
                    .publishAsync(ShardId.of(0), event(), operation, executor)
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS))
        .getCause();
  }

  @Test
  void anExecutorThatRejectsLeavesNoTransactionOpen() throws Exception {
    CompletableFuture<Integer> work = new CompletableFuture<>();
    CompletableFuture<Connection> begun = new CompletableFuture<>();
    ExecutorService ending = Executors.newSingleThreadExecutor();
    CompletableFuture<Integer> published =
        service
            .<Integer>publishAsync(
                ShardId.of(0),
                event(),
                connection -> {
                  insertOrder(connection);
                  begun.complete(connection);
                  return work;
                },
                ending)
            .toCompletableFuture();
    begun.get(10, TimeUnit.SECONDS);
    ending.shutdown();

    work.complete(7);

    ExecutionException refused =
        assertThrows(ExecutionException.class, () -> published.get(10, TimeUnit.SECONDS));
    assertInstanceOf(RejectedExecutionException.class, refused.getCause());
    assertTrue(begun.get().isClosed());
    assertEquals("0 orders, 0 events", counts(zero));
  }
}
