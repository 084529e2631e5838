package io.sluice.handlers;

import static io.sluice.handlers.TransactionalHandlersIT.addEffect;
import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which failures of a transactional handler's connection count against the event. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class TroubledConnectionsIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;
  private final AtomicInteger calls = new AtomicInteger();

  TroubledConnectionsIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  @AfterEach
  void tearDown() throws SQLException {
    stage.rows().administer("DROP TRIGGER IF EXISTS `%1$s`.refusing");
  }

  private HandlerRuntime started(
      DataSource source, RetryPolicy policy, TransactionalEventHandler handler) {
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, source))
            .transactionalHandler(
                CHAT,
                SENT,
                (event, connection) -> {
                  calls.incrementAndGet();
                  addEffect(event, connection);
                  handler.handle(event, connection);
                },
                policy)
            .build();
    runtime.start();
    return runtime;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static OutboxEvent allowedOneFailure() {
    return OutboxEvent.builder(CHAT, SENT).aggregate("room", "7").json("{}").maxRetries(1).build();
  }

  @Test
  void anEventThatAlwaysBreaksItsConnectionFailsInTheEnd() throws Exception {
    try (HandlerRuntime runtime =
        started(
            stage.rows().workerSource(Stage.ONE),
            RetryPolicy.DEFAULT,
            (event, connection) -> execute(connection, "KILL CONNECTION_ID()"))) {
      OutboxEvent event = stage.emit(Stage.ONE, allowedOneFailure(), 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      assertEquals(5, calls.get());
      assertEquals(1, stage.rows().row(event).retryCount());
      assertEquals(0, stage.rows().effects(event));
    }
  }

  @Test
  void aHandlerThatChangesTheDatabaseOfItsConnectionHasFailedAndTheConnectionIsCut()
      throws Exception {
    CountedAborts source = new CountedAborts(stage.rows().workerSource(Stage.ONE));
    try (HandlerRuntime runtime =
        started(
            source,
            RetryPolicy.DEFAULT,
            (event, connection) -> execute(connection, "USE information_schema"))) {
      OutboxEvent event = stage.emit(Stage.ONE, allowedOneFailure(), 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      assertEquals(1, calls.get());
      assertTrue(source.aborts() > 0, "the connection is cut");
      assertEquals(0, stage.rows().effects(event));
      String error = String.valueOf(stage.rows().row(event).lastError());
      assertTrue(error.contains("leave the connection's database"), error);
    }
  }

  @Test
  void aShardThatTakesNoStatusForAWhileIsNotBlamedOnTheEvent() throws Exception {
    // As a server answers that has become read-only.
    stage
        .rows()
        .administer(
            """
        CREATE TRIGGER `%1$s`.refusing BEFORE UPDATE ON `%1$s`.outbox_events FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'not now', MYSQL_ERRNO = 1290
        """);
    isPublishedUncountedOnceNothingRefuses(Stage.event(CHAT, SENT));
  }

  private void isPublishedUncountedOnceNothingRefuses(OutboxEvent given) throws Exception {
    try (HandlerRuntime runtime =
        started(
            stage.rows().workerSource(Stage.ONE), RetryPolicy.DEFAULT, (event, connection) -> {})) {
      OutboxEvent event = stage.emit(Stage.ONE, given, 0);
      until("refused more often than a doubt is allowed", () -> calls.get() > 5);
      stage.rows().administer("DROP TRIGGER `%1$s`.refusing");
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      assertEquals(0, stage.rows().row(event).retryCount());
    }
  }

  @Test
  void aServerThatTakesNoEffectsForAWhileIsNotBlamedOnTheEvent() throws Exception {
    stage
        .rows()
        .administer(
            """
        CREATE TRIGGER `%1$s`.refusing BEFORE INSERT ON `%1$s`.effects FOR EACH ROW
        SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'read only', MYSQL_ERRNO = 1290
        """);
    isPublishedUncountedOnceNothingRefuses(allowedOneFailure());
  }

  @Test
  void outcomesGoToAnotherServerThanTheOneThatIsReadOnly() throws Exception {
    OnceReadOnly source = new OnceReadOnly(stage.rows().workerSource(Stage.ONE));
    HandlerRuntime runtime =
        stage.runtime(Map.of(Stage.ONE, source)).handler(CHAT, SENT, event -> {}).build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
  }

  /** A pool that leads to a read-only server until a connection to it is aborted. */
  private static final class OnceReadOnly extends TestDataSource {

    private final DataSource target;
    private volatile boolean left;

    OnceReadOnly(DataSource target) {
      this.target = target;
    }

    @Override
    public Connection getConnection() throws SQLException {
      boolean isReadOnly = !left;
      return Overheard.connection(
          target.getConnection(),
          (method, sql) -> {
            if (method.equals("abort")) {
              left = true;
            }
            if (isReadOnly && sql.startsWith("UPDATE")) {
              throw new SQLException("the server is read only", "HY000", 1290);
            }
          });
    }
  }

  @Test
  void aHandlerThatIsReachedTooLateIsNotCalledAndNothingIsCounted() throws Exception {
    SlowToConnect slow = new SlowToConnect(stage.rows().workerSource(Stage.ONE));
    try (HandlerRuntime runtime =
        started(
            slow,
            RetryPolicy.DEFAULT.withTimeout(Duration.ofSeconds(1)),
            (event, connection) -> {})) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(2, slow.given.get(), "the first came too late");
      assertEquals(1, calls.get());
      assertEquals(1, stage.rows().effects(event));
      assertEquals(0, stage.rows().row(event).retryCount());
    }
  }

  /** Delays the first handler's connection until the timeout has passed. */
  private static final class SlowToConnect extends TestDataSource {

    private final DataSource target;
    private final AtomicInteger given = new AtomicInteger();

    SlowToConnect(DataSource target) {
      this.target = target;
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (Thread.currentThread().getName().contains("-worker-") && given.incrementAndGet() == 1) {
        awaitInterrupt();
      }
      return target.getConnection();
    }

    private static void awaitInterrupt() {
      CountDownLatch never = new CountDownLatch(1);
      boolean waits = true;
      while (waits) {
        try {
          never.await();
        } catch (InterruptedException e) {
          waits = false;
        }
      }
    }
  }
}
