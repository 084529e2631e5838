package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Effects and status change in one transaction. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
@Tag("virtual-threads")
class TransactionalHandlersIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;
  private final AtomicInteger calls = new AtomicInteger();

  TransactionalHandlersIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private HandlerRuntime started(TransactionalEventHandler handler) {
    return started(handler, RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50)));
  }

  private HandlerRuntime started(TransactionalEventHandler handler, RetryPolicy policy) {
    HandlerRuntime runtime =
        stage.runtime().transactionalHandler(CHAT, SENT, handler, policy).build();
    runtime.start();
    return runtime;
  }

  static void addEffect(HandledEvent event, Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO effects (event) VALUES (?)")) {
      insert.setString(1, event.id());
      insert.executeUpdate();
    }
  }

  @Test
  void effectAndStatusAreCommittedTogether() throws Exception {
    try (HandlerRuntime runtime = started(TransactionalHandlersIT::addEffect)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);

      assertEquals(1, stage.rows().effects(event));
      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.PUBLISHED, row.status());
      assertEquals(row.updatedAt(), row.publishedAt());
      assertEquals(1, runtime.statistics().published());
    }
  }

  @Test
  void aFailureTakesItsEffectsBack() throws Exception {
    TransactionalEventHandler failing =
        (event, connection) -> {
          addEffect(event, connection);
          if (event.attempt() < 3) {
            throw new IllegalStateException("attempt " + event.attempt());
          }
        };
    try (HandlerRuntime runtime = started(failing)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      assertEquals(2, stage.rows().row(event).retryCount());
      assertEquals(
          "java.lang.IllegalStateException: attempt 2", stage.rows().row(event).lastError());
    }
  }

  @Test
  void nothingIsAppliedForAnEventThatFailsForGood() throws Exception {
    TransactionalEventHandler failing =
        (event, connection) -> {
          addEffect(event, connection);
          throw new IllegalStateException("always");
        };
    try (HandlerRuntime runtime = started(failing)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      assertEquals(0, stage.rows().effects(event));
    }
  }

  /** The concurrency limit is reached by calls that wait for a server that does not answer. */
  @Test
  void callsThatHangOnTheirShardMakeWayForThoseOfOthers() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    TransactionalEventHandler handler =
        (event, connection) -> {
          if (event.shard().equals(Stage.ONE)) {
            calls.incrementAndGet();
            gate.await();
          }
          addEffect(event, connection);
        };
    HandlerRuntime runtime =
        stage.runtime().concurrency(2).transactionalHandler(CHAT, SENT, handler).build();
    runtime.start();
    try (runtime;
        TableLock effects = new TableLock(stage.rows().connect(Stage.ONE), "effects");
        TableLock outbox = new TableLock(stage.rows().connect(Stage.ONE), "outbox_events")) {
      OutboxEvent first = stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "a"), 0);
      OutboxEvent second = stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "b"), 0);
      OutboxEvent third = Stage.event(CHAT, SENT, "c");
      stage.rows().write(Stage.ONE, third);
      until("both are called", () -> calls.get() == 2);
      effects.take();
      gate.countDown();
      until(
          "both hang",
          () ->
              stage.rows().count(TableLock.awaited(stage.rows().databaseName(Stage.ONE), "effects"))
                  == 2);
      Thread altering = new Thread(outbox::take);
      altering.start();
      until(
          "the next would hang",
          () ->
              stage
                      .rows()
                      .count(
                          TableLock.awaited(stage.rows().databaseName(Stage.ONE), "outbox_events"))
                  == 1);
      stage.relay().relay(Stage.ONE, third, 0);
      OutboxEvent elsewhere = stage.emit(Stage.TWO, Stage.event(CHAT, SENT, "d"), 0);
      until(
          "those of others are handled",
          () -> stage.rows().row(Stage.TWO, elsewhere).status() == OutboxStatus.PUBLISHED);

      effects.release();
      altering.join();
      outbox.release();
      stage.topics().awaitCommitted(CHAT, 0, 4);
      for (OutboxEvent event : List.of(first, second, third)) {
        assertEquals(1, stage.rows().effects(event));
        assertEquals(0, stage.rows().row(event).retryCount());
      }
    }
  }

  @Test
  void anEventDeliveredAgainIsRecognisedByItsStatus() throws Exception {
    try (HandlerRuntime runtime =
        started(
            (event, connection) -> {
              calls.incrementAndGet();
              addEffect(event, connection);
            })) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
      stage.relay().relay(Stage.ONE, event, 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(1, calls.get());
      assertEquals(1, stage.rows().effects(event));
      assertEquals(1, runtime.statistics().skipped());
    }
  }

  @Test
  void aWorkerKilledBeforeItsCommitHasAppliedNothing() throws Exception {
    OutboxEvent event;
    try (WorkerProcess worker = WorkerProcess.hangingInTransaction(stage, CHAT, SENT)) {
      event = stage.emit(CHAT, SENT, 0);
      until(
          "the effect is written, but not committed", () -> stage.rows().uncommittedEffects() == 1);
      worker.kill();
      stage.topics().expireMembersOf(CHAT);
    }
    until("the transaction is gone", () -> stage.rows().uncommittedEffects() == 0);
    assertEquals(0, stage.rows().effects(event));
    assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());

    try (HandlerRuntime runtime = started(TransactionalHandlersIT::addEffect)) {
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    assertEquals(1, stage.rows().effects(event));
    assertEquals(0, stage.rows().row(event).retryCount());
  }

  @Test
  void aWorkerKilledAfterItsCommitHasAppliedItOnce() throws Exception {
    OutboxEvent event;
    try (WorkerProcess worker = WorkerProcess.dyingAfterCommit(stage, CHAT, SENT)) {
      event = stage.emit(CHAT, SENT, 0);
      worker.awaitEnd();
      stage.topics().expireMembersOf(CHAT);
    }
    assertEquals(1, stage.rows().effects(event));
    assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
    assertEquals(0, stage.topics().committed(CHAT, 0), "the offset was not committed");

    try (HandlerRuntime runtime =
        started(
            (again, connection) -> {
              calls.incrementAndGet();
              addEffect(again, connection);
            })) {
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }
    assertEquals(0, calls.get());
    assertEquals(1, stage.rows().effects(event));
  }

  @Test
  void theGuestCannotEndTheTransaction() throws Exception {
    List<String> refusals = new CopyOnWriteArrayList<>();
    TransactionalEventHandler rude =
        (event, connection) -> {
          addEffect(event, connection);
          // As libraries that manage transactions do.
          connection.setAutoCommit(false);
          refusals.add(refusal(connection::commit));
          refusals.add(refusal(connection::rollback));
          refusals.add(refusal(connection::close));
          refusals.add(refusal(() -> connection.setAutoCommit(true)));
          Savepoint before = connection.setSavepoint();
          addEffect(event, connection);
          connection.rollback(before);
        };
    try (HandlerRuntime runtime = started(rude)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      assertEquals(
          List.of(
              "a handler may not call commit() on the connection it was lent: return, to have effects"
                  + " and status committed together",
              "a handler may not call rollback() on the connection it was lent: throw, to have the"
                  + " effects rolled back",
              "a handler may not call close() on the connection it was lent: leave it open, the"
                  + " worker gives it back",
              "a handler may not call setAutoCommit() on the connection it was lent: leave it off,"
                  + " effects and status are one transaction"),
          refusals);
    }
  }

  /** An action that may be rejected. */
  private interface Doing {
    void run() throws SQLException;
  }

  private static String refusal(Doing doing) {
    try {
      doing.run();
      return "not refused";
    } catch (SQLException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void aTransactionThatHasEndedUnderTheHandlerIsNoSuccess() throws Exception {
    TransactionalEventHandler committing =
        (event, connection) -> {
          addEffect(event, connection);
          if (event.attempt() == 1) {
            try (Statement statement = connection.createStatement()) {
              statement.execute("ROLLBACK");
            }
          }
        };
    try (HandlerRuntime runtime = started(committing)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      String error = String.valueOf(stage.rows().row(event).lastError());
      assertTrue(
          error.startsWith(
              "java.sql.SQLException: the transaction of the handler has ended before it returned"),
          error);
    }
  }

  @Test
  void aHandlerThatTakesTooLongIsCutOffAndItsEffectsWithIt() throws Exception {
    TransactionalEventHandler slow =
        (event, connection) -> {
          addEffect(event, connection);
          if (event.attempt() == 1) {
            try (Statement statement = connection.createStatement()) {
              statement.execute("SELECT SLEEP(2)");
            }
          }
        };
    RetryPolicy policy =
        RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50))
            .withTimeout(Duration.ofMillis(500));
    try (HandlerRuntime runtime = started(slow, policy)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().effects(event));
      assertEquals(1, stage.rows().row(event).retryCount());
      String error = String.valueOf(stage.rows().row(event).lastError());
      assertTrue(error.contains("the handler did not end within 0.5 s"), error);
    }
  }

  @Test
  void aConnectionThatIsLostSaysNothingAboutTheEvent() throws Exception {
    SwitchableDataSource one = new SwitchableDataSource(stage.rows().workerSource(Stage.ONE));
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, one))
            .transactionalHandler(
                CHAT,
                SENT,
                (event, connection) -> {
                  addEffect(event, connection);
                  if (calls.incrementAndGet() == 1) {
                    one.away(true);
                    one.away(false);
                  }
                  addEffect(event, connection);
                })
            .build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(2, calls.get());
      assertEquals(2, stage.rows().effects(event));
      assertEquals(0, stage.rows().row(event).retryCount());
    }
  }
}
