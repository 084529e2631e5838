package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** Events of a shard whose database cannot be reached, and of rows that are locked. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class DatabaseAwayIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private static final int ROOMS = 7;

  private final Stage stage;
  private final SwitchableDataSource one;

  DatabaseAwayIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
    one = new SwitchableDataSource(stage.rows().workerSource(Stage.ONE));
  }

  private HandlerRuntime started(DataSource shardOne, Calls calls) {
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, shardOne, Stage.TWO, stage.rows().workerSource(Stage.TWO)))
            .handler(CHAT, SENT, calls)
            .build();
    runtime.start();
    return runtime;
  }

  @Test
  void theOutcomeIsWrittenOnceTheDatabaseIsBackWithoutAnotherCall() throws Exception {
    Calls calls = Calls.gated();
    try (HandlerRuntime runtime = started(one, calls);
        Logged health = Logged.by("io.sluice.handlers.internal.status.ShardStatusStore")) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("handled", () -> calls.count() == 1);
      one.away(true);
      calls.open();
      until("refused again and again", () -> one.refused() >= 3);

      stage.emit(Stage.TWO, Stage.event(CHAT, SENT, "other"), 1);
      stage.topics().awaitCommitted(CHAT, 1, 1);
      assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());
      assertEquals(0, stage.topics().committed(CHAT, 0));
      assertEquals(Set.of(Stage.ONE), runtime.snapshot(CHAT).shardsAway());

      one.away(false);
      stage.topics().awaitCommitted(CHAT, 0, 1);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
      assertEquals(1, calls.events().stream().filter(e -> e.shard().equals(Stage.ONE)).count());
      assertEquals(
          List.of(Level.WARN, Level.INFO),
          health.events().stream().map(ILoggingEvent::getLevel).toList());
      String warning = health.events().get(0).getFormattedMessage();
      assertTrue(warning.contains("shard 'shard-1'"), warning);
      assertTrue(warning.contains("SQL state 08"), warning);
      DomainSnapshot after = runtime.snapshot(CHAT);
      assertEquals(Set.of(), after.shardsAway());
      assertEquals(2, after.callsEnded());
      assertTrue(after.callTime().toNanos() > 0);
    }
  }

  @Test
  void aShardThatIsAwayForLongLeavesRoomForOthersAndLosesNothing() throws Exception {
    one.away(true);
    leavesRoomForOthersAndLosesNothing(() -> {}, () -> one.away(false));
  }

  /** The server accepts connections but does not answer. */
  @Test
  void aShardThatHangsLeavesRoomForOthersAndLosesNothing() throws Exception {
    try (TableLock lock = new TableLock(stage.rows().connect(Stage.ONE), "outbox_events")) {
      leavesRoomForOthersAndLosesNothing(lock::take, lock::release);
    }
  }

  private interface Action {
    void run() throws SQLException;
  }

  private void leavesRoomForOthersAndLosesNothing(Action goAway, Action comeBack) throws Exception {
    Calls calls = Calls.succeeding();
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, one, Stage.TWO, stage.rows().workerSource(Stage.TWO)))
            .buffer(20, 1_000_000)
            .handler(CHAT, SENT, calls)
            .build();
    List<OutboxEvent> away = events(60, "away");
    stage.rows().write(Stage.ONE, away);
    goAway.run();
    runtime.start();
    try (runtime;
        Logged logged = Logged.by("io.sluice.handlers.internal.process.EventProcessor")) {
      stage.relay().relayAll(Stage.ONE, away.subList(0, 30), 0);
      stage.emitAll(Stage.TWO, events(30, "there"), 0);
      stage.relay().relayAll(Stage.ONE, away.subList(30, 60), 0);
      stage.emitAll(Stage.TWO, events(30, "there"), 0);
      until("all others are published", () -> runtime.statistics().published() == 60);
      assertEquals(0, stage.topics().committed(CHAT, 0));

      until("the shard counts as away", () -> logged.events().size() == 1);

      comeBack.run();
      stage.topics().awaitCommitted(CHAT, 0, 120);
      assertEquals(120, calls.count());
      for (int room = 0; room < ROOMS; room++) {
        String name = "away-" + room;
        assertEquals(ids(away.stream(), name), handled(calls, name));
      }
      until("its return is logged", () -> logged.events().size() == 2);
      assertEquals(
          List.of(Level.WARN, Level.INFO),
          logged.events().stream().map(ILoggingEvent::getLevel).toList());
    }
  }

  private static List<OutboxEvent> events(int count, String name) {
    return IntStream.range(0, count)
        .mapToObj(i -> Stage.event(CHAT, SENT, name + "-" + i % ROOMS))
        .toList();
  }

  private static List<String> ids(Stream<OutboxEvent> events, String room) {
    return events
        .filter(event -> event.aggregateId().equals(room))
        .map(event -> event.id().toString())
        .toList();
  }

  private static List<String> handled(Calls calls, String room) {
    return calls.events().stream()
        .filter(event -> event.aggregateId().equals(room))
        .map(HandledEvent::id)
        .toList();
  }

  @Test
  void theHandlerIsNotCalledBeforeTheRowCanBeRead() throws Exception {
    Calls calls = Calls.succeeding();
    one.away(true);
    try (HandlerRuntime runtime = started(one, calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("refused again and again", () -> one.refused() >= 3);
      assertEquals(0, calls.count());

      one.away(false);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(1, calls.count());
    }
  }

  @Test
  void aPoolThatThrowsWhatItDoesNotDeclareEndsNothing() throws Exception {
    Calls calls = Calls.succeeding();
    UnsoundPool pool = new UnsoundPool(stage.rows().workerSource(Stage.ONE), 3);
    try (HandlerRuntime runtime = started(pool, calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(1, calls.count());
    }
  }

  @Test
  void aFailureIsCountedOnceHoweverOftenItsWriteIsTried() throws Exception {
    Calls calls = Calls.failing(1);
    AnswersLost lost = new AnswersLost(stage.rows().workerSource(Stage.ONE), 2);
    try (HandlerRuntime runtime = started(lost, calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(1, stage.rows().row(event).retryCount());
      assertEquals(List.of(1, 2), calls.attempts());
    }
  }

  @Test
  void aLockedRowDelaysItsOwnAggregateAndIsLoggedOnce() throws Exception {
    Calls calls = Calls.gated();
    try (HandlerRuntime runtime = started(one, calls);
        Logged health = Logged.by("io.sluice.handlers.internal.status.ShardStatusStore");
        Logged events = Logged.by("io.sluice.handlers.internal.status.RowIsolation");
        Connection business = stage.rows().connect(Stage.ONE)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("handled", () -> calls.count() == 1);
      Locks.lock(business, event);
      calls.open();
      until("the lock is logged", () -> !events.events().isEmpty());

      OutboxEvent other = stage.emit(CHAT, SENT, 1);
      stage.rows().awaitStatus(other, OutboxStatus.PUBLISHED);
      stage.topics().awaitCommitted(CHAT, 1, 1);
      assertEquals(0, stage.topics().committed(CHAT, 0));
      business.rollback();
      stage.topics().awaitCommitted(CHAT, 0, 1);

      assertEquals(2, calls.count());
      assertEquals(List.of(), health.events());
      assertEquals(1, events.events().size());
      String message = events.events().get(0).getFormattedMessage();
      assertTrue(message.contains("its row is locked"), message);
    }
  }

  @Test
  void anEventThatComesBeforeItsRowIsVisibleIsNotTakenForDeleted() throws Exception {
    Calls calls = Calls.succeeding();
    OutboxEvent event = Stage.event(CHAT, SENT);
    try (HandlerRuntime runtime = started(one, calls);
        Connection business = stage.rows().connect(Stage.ONE)) {
      business.setAutoCommit(false);
      new OutboxWriter().append(business, event);
      stage.relay().relay(Stage.ONE, event, 0);
      long refusals = refusedReads();
      until("the worker waits for the commit", () -> refusedReads() >= refusals + 8);
      assertEquals(0, calls.count());
      assertEquals(0, runtime.statistics().skipped());

      business.commit();
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(1, calls.count());
    }
  }

  /** The number of failed reads of rows in the first shard because of locks. */
  private long refusedReads() throws SQLException {
    return stage
        .rows()
        .count(
            """
            SELECT COALESCE(SUM(sum_errors), 0)
            FROM performance_schema.events_statements_summary_by_digest
            WHERE schema_name = '%s' AND digest_text LIKE '%%NOWAIT'
            """
                .formatted(stage.rows().databaseName(Stage.ONE)));
  }
}
