package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Sandbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How outcomes are written to rows. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class WriteBackIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Sandbox sandbox;
  private final Stage stage;

  WriteBackIT(Sandbox sandbox, Stage stage) throws Exception {
    this.sandbox = sandbox;
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private static List<OutboxEvent> events(int count, String type) {
    return IntStream.range(0, count)
        .mapToObj(number -> Stage.event(CHAT, type, "room-" + number))
        .toList();
  }

  /** The number of statements of this kind that the first shard's worker has executed. */
  private long statements(String kind) throws SQLException {
    return stage
        .rows()
        .count(
            """
        SELECT COALESCE(SUM(count_star), 0)
        FROM performance_schema.events_statements_summary_by_user_by_event_name
        WHERE user = '%s' AND event_name = 'statement/sql/%s'
        """
                .formatted(stage.rows().workerLogin(Stage.ONE).user(), kind));
  }

  @Test
  void aStatementAndACommitAreForHundredsOfEvents() throws Exception {
    List<OutboxEvent> events = events(2_000, SENT);
    stage.emitAll(Stage.ONE, events, 0);
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, event -> {}).build();
    long commits = statements("commit");
    long updates = statements("update");
    long selects = statements("select");
    runtime.start();
    try (runtime) {
      until("all published", () -> runtime.statistics().published() == 2_000);
    }
    updates = statements("update") - updates;
    selects = statements("select") - selects;

    assertTrue(updates <= 100, "updates for 2,000 events: " + updates);
    assertTrue(selects <= 100, "selects for 2,000 events: " + selects);
    assertEquals(commits, statements("commit"), "each statement commits by itself");
    assertEquals(
        2_000,
        stage
            .rows()
            .count(
                "SELECT COUNT(*) FROM `%s`.outbox_events WHERE status = 'PUBLISHED'"
                    .formatted(stage.rows().databaseName(Stage.ONE))));
  }

  @Test
  void failuresTooAreWrittenTogetherEachWithItsOwnError() throws Exception {
    List<OutboxEvent> events = events(500, "poison");
    stage.emitAll(Stage.ONE, events, 0);
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                "poison",
                event -> {
                  throw new IllegalStateException(event.aggregateId() + "." + event.attempt());
                })
            .build();
    long updates = statements("update");
    runtime.start();
    try (runtime) {
      until("all failed", () -> runtime.statistics().failed() == 500);
      assertEquals(1_000, runtime.statistics().retried());
    }
    updates = statements("update") - updates;

    assertTrue(updates <= 300, "updates for 1,500 failures: " + updates);
    for (int i = 0; i < 500; i += 71) {
      Row row = stage.rows().row(events.get(i));
      assertEquals(OutboxStatus.FAILED, row.status());
      assertEquals(3, row.retryCount());
      assertEquals("java.lang.IllegalStateException: room-%d.3".formatted(i), row.lastError());
    }
  }

  @Test
  void takesLittleOfTheBinaryLogWhereItMayAndGivesConnectionsBackAsTheyWere() throws Exception {
    Account privileged =
        sandbox.account(
            "minimal",
            "SELECT, UPDATE ON `%s`.outbox_events".formatted(stage.rows().databaseName(Stage.ONE)),
            "SESSION_VARIABLES_ADMIN ON *.*");
    ObservedSource observed = new ObservedSource(stage.rows().source(privileged, Stage.ONE));
    publishOne(observed);

    assertEquals(Set.of("MINIMAL 1 autocommit 1"), Set.copyOf(observed.whileWriting()));
    assertEquals(Set.of("FULL 50 autocommit 1"), Set.copyOf(observed.whenGivenBack()));
  }

  @Test
  void doesWithoutWhereItMayNot() throws Exception {
    ObservedSource observed = new ObservedSource(stage.rows().workerSource(Stage.ONE));
    try (Logged logged = Logged.by("io.sluice.handlers.internal.status.StatusSession")) {
      publishOne(observed);

      assertEquals(1, logged.events().size());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("grant it SESSION_VARIABLES_ADMIN"), message);
    }
    assertEquals(Set.of("FULL 1 autocommit 1"), Set.copyOf(observed.whileWriting()));
    assertEquals(Set.of("FULL 50 autocommit 1"), Set.copyOf(observed.whenGivenBack()));
  }

  private void publishOne(ObservedSource observed) throws Exception {
    HandlerRuntime runtime =
        stage.runtime(Map.of(Stage.ONE, observed)).handler(CHAT, SENT, event -> {}).build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    until("given back", () -> !observed.whenGivenBack().isEmpty());
  }

  @Test
  void anotherWorkersOutcomeStays() throws Exception {
    Calls gated = Calls.gated();
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, gated).build();
    runtime.start();
    try (runtime) {
      List<OutboxEvent> events = events(3, SENT);
      stage.emitAll(Stage.ONE, events, 0);
      until("all are handled", () -> gated.count() == 3);
      stage
          .rows()
          .execute(
              Stage.ONE,
              "UPDATE outbox_events SET status = 'FAILED', last_error = 'another' WHERE id = ?",
              events.get(1).id().toString());
      gated.open();
      stage.topics().awaitCommitted(CHAT, 0, 3);

      assertEquals(
          List.of(OutboxStatus.PUBLISHED, OutboxStatus.FAILED, OutboxStatus.PUBLISHED),
          events.stream().map(this::status).collect(Collectors.toList()));
      assertEquals("another", stage.rows().row(events.get(1)).lastError());
    }
  }

  @Test
  void aCallFromBeforeARedriveLeavesTheRedrivenRowAsItIs() throws Exception {
    Calls gated = Calls.gated(1);
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, gated).build();
    runtime.start();
    try (runtime) {
      List<OutboxEvent> events = events(2, SENT);
      stage.emitAll(Stage.ONE, events, 0);
      until("both are handled", () -> gated.count() == 2);
      for (OutboxEvent event : events) {
        stage
            .rows()
            .execute(
                Stage.ONE,
                "UPDATE outbox_events SET headers = '{\"outbox-redrive\": \"1\"}' WHERE id = ?",
                event.id().toString());
      }
      gated.open();
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(2, runtime.statistics().skipped());
      for (OutboxEvent event : events) {
        assertEquals(OutboxStatus.PENDING, status(event));
        assertEquals(0, stage.rows().row(event).retryCount());
      }
    }
  }

  @Test
  void failuresAreCountedFromZeroWhereMoreAttemptsWereGrantedByACountBelow() throws Exception {
    OutboxEvent granted = Stage.event(CHAT, SENT);
    stage.rows().write(Stage.ONE, granted);
    stage
        .rows()
        .execute(
            Stage.ONE,
            "UPDATE outbox_events SET retry_count = -2 WHERE id = ?",
            granted.id().toString());
    stage.relay().relay(Stage.ONE, granted, 0);
    Calls calls = Calls.failing(2);
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, calls).build();
    runtime.start();
    try (runtime) {
      stage.rows().awaitStatus(granted, OutboxStatus.PUBLISHED);
      assertEquals(List.of(1, 2, 3), calls.attempts());
    }
  }

  private OutboxStatus status(OutboxEvent event) {
    try {
      return stage.rows().row(event).status();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aRowThatCannotBeReadHoldsUpNoOther() throws Exception {
    OutboxEvent broken = Stage.event(CHAT, SENT, "broken");
    List<OutboxEvent> events = events(20, SENT);
    stage.rows().write(Stage.ONE, broken);
    stage
        .rows()
        .execute(
            Stage.ONE,
            "UPDATE outbox_events SET status = 'UNHEARD_OF' WHERE id = ?",
            broken.id().toString());
    stage.relay().relay(Stage.ONE, broken, 0);
    stage.emitAll(Stage.ONE, events, 0);
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, event -> {}).build();
    runtime.start();
    try (runtime;
        Logged logged = Logged.by("io.sluice.handlers.internal.status.RowIsolation")) {
      until("the others are published", () -> runtime.statistics().published() == 20);
      assertEquals(0, stage.topics().committed(CHAT, 0));
      until("logged", () -> logged.events().size() == 1);
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("has the status 'UNHEARD_OF'"), message);

      stage
          .rows()
          .execute(
              Stage.ONE,
              "UPDATE outbox_events SET status = 'PENDING' WHERE id = ?",
              broken.id().toString());
      stage.rows().awaitStatus(broken, OutboxStatus.PUBLISHED);
    }
  }

  /** MySQL has no error class for characters that the column's character set lacks. */
  @Test
  void aRowWhoseUpdateIsRefusedForAnUnclassifiedReasonHoldsUpNoOther() throws Exception {
    stage
        .rows()
        .execute(
            Stage.ONE,
            "ALTER TABLE outbox_events MODIFY last_error VARCHAR(1000) CHARACTER SET ascii");
    OutboxEvent refused = Stage.event(CHAT, SENT, "refused");
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                SENT,
                event -> {
                  if (event.id().equals(refused.id().toString())) {
                    throw new IllegalStateException("\u20ac");
                  }
                })
            .build();
    runtime.start();
    try (runtime) {
      stage.emitAll(Stage.ONE, List.of(refused), 0);
      stage.emitAll(Stage.ONE, events(20, SENT), 0);
      until("the others are published", () -> runtime.statistics().published() == 20);
      assertEquals(0, stage.rows().row(refused).retryCount());
      stage
          .rows()
          .execute(
              Stage.ONE,
              "ALTER TABLE outbox_events MODIFY last_error VARCHAR(1000) CHARACTER SET utf8mb4");
      until("its failure is written", () -> stage.rows().row(refused).retryCount() > 0);
    }
  }

  @Test
  void worksOnDataSourcesThatDoNotCommitByThemselves() throws Exception {
    ObservedSource observed =
        new ObservedSource(
            new TestDataSource() {
              @Override
              public Connection getConnection() throws SQLException {
                Connection connection = stage.rows().workerSource(Stage.ONE).getConnection();
                connection.setAutoCommit(false);
                return connection;
              }
            });
    HandlerRuntime runtime =
        stage.runtime(Map.of(Stage.ONE, observed)).handler(CHAT, SENT, Calls.failing(1)).build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(1, stage.rows().row(event).retryCount());
    }
    until("given back", () -> !observed.whenGivenBack().isEmpty());
    assertEquals(Set.of("FULL 1 autocommit 1"), Set.copyOf(observed.whileWriting()));
    assertEquals(Set.of("FULL 50 autocommit 0"), Set.copyOf(observed.whenGivenBack()));
  }
}
