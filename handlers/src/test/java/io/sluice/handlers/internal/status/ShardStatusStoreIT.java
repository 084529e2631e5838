package io.sluice.handlers.internal.status;

import static io.sluice.handlers.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.TableLock;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When outcomes are written, and with which others. */
@SandboxTest
class ShardStatusStoreIT {

  private static final Duration LINGER = Duration.ofMinutes(1);

  /** Longer than the wait before a retry. */
  private static final Duration LATER = Duration.ofSeconds(2);

  private final SettableClock clock = new SettableClock();
  private final Sandbox sandbox;
  private final Database database;
  private final Connection other;
  private final List<String> written = new ArrayList<>();
  private final ShardStatusStore store;

  ShardStatusStoreIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    database = sandbox.database("one");
    database.run(OutboxTable.ddl());
    other = database.connect();
    store =
        new ShardStatusStore(
            ShardId.GLOBAL,
            database.dataSource(),
            new WriteBatching(3, LINGER),
            HandlerTimings.PRODUCTION,
            clock);
  }

  /** With nothing to do, and stopped, the store gives its connection back. */
  @AfterEach
  void close() throws SQLException {
    administer("DROP TRIGGER IF EXISTS `%1$s`.refusing");
    execute("DELETE FROM outbox_events");
    store.stop();
    store.run();
    other.close();
  }

  private String event(String room) throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", room)
            .json("{}")
            .build();
    other.setAutoCommit(false);
    new OutboxWriter().append(other, event);
    other.commit();
    other.setAutoCommit(true);
    return event.id().toString();
  }

  private RowReads.Found row(String id) throws SQLException {
    return RowReads.one(other, id);
  }

  private RowRequest.Write published(String id) throws SQLException {
    RowReads.Found.Row row = assertInstanceOf(RowReads.Found.Row.class, row(id));
    return new RowRequest.Write(
        id, RowUpdate.published(row.row(), Instant.now()), after -> written.add(id));
  }

  private void publish(String id) throws SQLException {
    store.ask(published(id));
  }

  private void publishAndTurn(String id) throws Exception {
    publish(id);
    store.runOnce();
  }

  /** As a server that is frozen, or behind a network that swallows what is sent. */
  @Test
  void aShardWhoseAnswerIsOverdueIsAway() throws Exception {
    String id = event("a");
    Thread asking = new Thread(this::turnUninterrupted);
    try (TableLock lock = new TableLock(database.connect(), "outbox_events")) {
      lock.take();
      List<String> read = new CopyOnWriteArrayList<>();
      store.ask(
          new RowRequest.Read(id, 5, 0, Optional.empty(), false, () -> true, row -> read.add(id)));
      asking.start();
      until("the store waits for its answer", () -> isWaitedFor("outbox_events"));
      assertFalse(store.isAway());
      clock.advance(Duration.ofSeconds(6));
      assertTrue(store.isAway());

      lock.release();
      asking.join();
      assertEquals(List.of(id), read);
      assertFalse(store.isAway());
    }
  }

  @Test
  void aShardIsNotBackBeforeItHasAnswered() throws Exception {
    AtomicBoolean wanted = new AtomicBoolean(true);
    execute("RENAME TABLE outbox_events TO elsewhere");
    try {
      store.ask(new RowRequest.Read("1", 5, 0, Optional.empty(), false, wanted::get, row -> {}));
      store.runOnce();
      assertTrue(store.isAway());

      wanted.set(false);
      store.runOnce();
      assertTrue(store.isAway(), "there was nothing to ask it");
    } finally {
      execute("RENAME TABLE elsewhere TO outbox_events");
    }
    store.ask(new RowRequest.Read("1", 5, 0, Optional.empty(), false, () -> true, row -> {}));
    store.runOnce();
    assertFalse(store.isAway());
  }

  private void turnUninterrupted() {
    try {
      store.runOnce();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private boolean isWaitedFor(String table) throws SQLException {
    try (Connection administrator = sandbox.mysql().connect();
        Statement statement = administrator.createStatement();
        ResultSet waiting = statement.executeQuery(TableLock.awaited(database.name(), table))) {
      waiting.next();
      return waiting.getInt(1) > 0;
    }
  }

  @Test
  void anOutcomeWaitsForOthersWhileHandlersAreAtWork() throws Exception {
    String first = event("a");
    String second = event("b");
    store.callBegun();
    publishAndTurn(first);
    publishAndTurn(second);
    assertEquals(List.of(), written);

    store.callEnded();
    store.runOnce();
    assertEquals(List.of(first, second), written);
  }

  @Test
  void aSingleOutcomeDoesNotWait() throws Exception {
    String event = event("a");
    publishAndTurn(event);
    assertEquals(List.of(event), written);
  }

  @Test
  void asManyOutcomesAsAStatementTakesDoNotWait() throws Exception {
    store.callBegun();
    publish(event("a"));
    publish(event("b"));
    publishAndTurn(event("c"));
    assertEquals(3, written.size());
  }

  @Test
  void noneWaitsLongerThanItMay() throws Exception {
    String event = event("a");
    store.callBegun();
    publishAndTurn(event);
    clock.advance(LINGER);
    store.runOnce();
    assertEquals(List.of(event), written);
  }

  @Test
  void aLockedRowIsRetriedAndOthersOfItsStatementAreWritten() throws Exception {
    String held = event("a");
    String free = event("b");
    String next = event("c");
    RowRequest later = published(next);
    publish(held);
    publish(free);
    other.setAutoCommit(false);
    assertEquals(1, RowReads.locking(other, List.of(held)).size());
    store.runOnce();
    assertEquals(List.of(free), written);

    clock.advance(LATER);
    long waits = waitsForRows();
    store.ask(later);
    store.runOnce();
    assertEquals(List.of(free, next), written);
    assertEquals(waits, waitsForRows(), "it is only looked whether the row is free");

    other.rollback();
    clock.advance(LATER);
    store.runOnce();
    assertEquals(List.of(free, next, held), written);
  }

  @Test
  void aRowThatRefusesItsOutcomeIsRetriedUnlockedAndOthersOfItsStatementAreWritten()
      throws Exception {
    execute("ALTER TABLE outbox_events ADD CHECK (aggregate_id <> 'r' OR status <> 'PUBLISHED')");
    String refusing = event("r");
    String free = event("b");
    publish(refusing);
    publish(free);
    store.runOnce();
    assertEquals(List.of(free), written);
    assertInstanceOf(RowReads.Found.Row.class, row(refusing));

    clock.advance(LATER);
    store.runOnce();
    assertInstanceOf(RowReads.Found.Row.class, row(refusing));

    execute("UPDATE outbox_events SET aggregate_id = 'a' WHERE aggregate_id = 'r'");
    clock.advance(LATER);
    store.runOnce();
    assertEquals(List.of(free, refusing), written);
  }

  /** A row whose outcome is refused for a reason that MySQL has no class for. */
  private String refusing() throws SQLException {
    administer(
        """
        CREATE TRIGGER `%1$s`.refusing BEFORE UPDATE ON `%1$s`.outbox_events FOR EACH ROW
        BEGIN
          IF OLD.aggregate_id LIKE 'refusing%%' THEN
            SIGNAL SQLSTATE 'HY000' SET MESSAGE_TEXT = 'not this one', MYSQL_ERRNO = 1366;
          END IF;
        END
        """);
    return event("refusing");
  }

  @Test
  void aRowRefusedWithoutAClassHoldsUpNeitherWritesNorQuestions() throws Exception {
    publishAndTurn(refusing());
    for (int turn = 0; turn < 3; turn++) {
      clock.advance(LATER);
      String free = event("b");
      publish(free);
      List<String> answered = new ArrayList<>();
      store.ask(new RowRequest.Probe(() -> answered.add("probe")));
      store.ask(new RowRequest.FailedHeads(EventDomain.CHAT, heads -> answered.add("heads")));
      store.runOnce();

      assertEquals(List.of("probe", "heads"), answered);
      assertEquals(turn + 1, written.size());
      assertFalse(store.isAway());
    }
  }

  @Test
  void norDoSeveral() throws Exception {
    publish(refusing());
    publishAndTurn(event("refusing-too"));
    clock.advance(LATER);
    store.runOnce();
    assertFalse(store.isAway());

    administer("DROP TRIGGER `%1$s`.refusing");
    clock.advance(LATER);
    store.runOnce();
    assertEquals(2, written.size());
  }

  @Test
  void aRowWithoutATimeIsReadAsOneOfLongAgo() throws Exception {
    String zero = event("a");
    String nothing = event("b");
    String odd = event("c");
    execute("SET SESSION sql_mode = ''");
    execute("ALTER TABLE outbox_events MODIFY updated_at DATETIME(6) NULL");
    execute("UPDATE outbox_events SET updated_at = 0 WHERE id = '%s'".formatted(zero));
    execute("UPDATE outbox_events SET updated_at = NULL WHERE id = '%s'".formatted(nothing));
    execute("UPDATE outbox_events SET updated_at = '2026-00-10' WHERE id = '%s'".formatted(odd));
    List<Instant> times = new ArrayList<>();
    for (String id : List.of(zero, nothing, odd)) {
      store.ask(read(id, row -> times.add(row.orElseThrow().state().updatedAt())));
    }
    store.runOnce();

    assertEquals(List.of(Instant.EPOCH, Instant.EPOCH), times.subList(0, 2));
    assertEquals(3, times.size(), "whatever the server makes of the day 0");
  }

  @Test
  void aRowWithoutAStatusHoldsUpNoOther() throws Exception {
    String broken = event("a");
    String sound = event("b");
    execute("ALTER TABLE outbox_events MODIFY status VARCHAR(20) NULL");
    execute("UPDATE outbox_events SET status = NULL WHERE id = '%s'".formatted(broken));
    List<String> answered = new ArrayList<>();
    for (String id : List.of(broken, sound)) {
      store.ask(read(id, row -> answered.add(id)));
    }
    store.runOnce();

    assertEquals(List.of(sound), answered);
    assertFalse(store.isAway());
  }

  @Test
  void aPayloadIsReadAsItsRecordHasItWhereItIsNeeded() throws Exception {
    String id = event("a");
    for (String type : List.of("LONGTEXT", "JSON", "LONGBLOB")) {
      execute("ALTER TABLE outbox_events MODIFY event_data " + type + " NOT NULL");
      execute("UPDATE outbox_events SET event_data = '{\"zürich\": 1.50}'");
      List<FoundRow> found = new ArrayList<>();
      store.ask(read(id, row -> found.add(row.orElseThrow())));
      store.ask(read(id, true, row -> found.add(row.orElseThrow())));
      store.runOnce();

      assertEquals(Optional.empty(), found.get(0).payload());
      String payload = new String(found.get(1).payload().orElseThrow(), UTF_8);
      assertEquals(type.equals("JSON") ? "{\"zürich\": 1.5}" : "{\"zürich\": 1.50}", payload);
    }
  }

  private static RowRequest.Read read(String id, Consumer<Optional<FoundRow>> answer) {
    return read(id, false, answer);
  }

  private static RowRequest.Read read(
      String id, boolean withPayload, Consumer<Optional<FoundRow>> answer) {
    return new RowRequest.Read(id, 3, 0, Optional.empty(), withPayload, () -> true, answer);
  }

  private List<Confirmation> confirmation(String id, int redrives, Optional<String> transaction)
      throws Exception {
    List<Confirmation> answers = new ArrayList<>();
    store.ask(new RowRequest.Confirm(id, redrives, transaction, answers::add));
    store.runOnce();
    return answers;
  }

  @Test
  void aRowIsConfirmedUnlessTheServerHasYetToExecuteWhatWroteTheRecord() throws Exception {
    String event = event("a");
    RowReads.Found.Row row = assertInstanceOf(RowReads.Found.Row.class, row(event));
    List<Confirmation> asItStands = List.of(new Confirmation.Certain(Optional.of(row.row())));
    Optional<String> toCome = Optional.of("3e11fa47-71ca-11e1-9e33-c80aa9429562:23");

    assertEquals(asItStands, confirmation(event, 0, toCome));
    assertEquals(asItStands, confirmation(event, 1, Optional.empty()));
    assertInstanceOf(Confirmation.Doubtful.class, confirmation(event, 1, toCome).get(0));
    assertInstanceOf(Confirmation.Doubtful.class, confirmation("absent", 0, toCome).get(0));
    assertEquals(
        List.of(new Confirmation.Certain(Optional.empty())),
        confirmation("absent", 0, Optional.empty()));
  }

  @Test
  void whatIsParkedBehindAParkedEventIsParkedBehindTheOneThatFailed() throws Exception {
    String failed = event("a");
    String parked = event("a");
    String next = event("a");
    ParkedBehind behind = new ParkedBehind(failed);
    execute("UPDATE outbox_events SET status = 'FAILED' WHERE id = '%s'".formatted(failed));
    execute(
        "UPDATE outbox_events SET status = 'FAILED', last_error = '%s' WHERE id = '%s'"
            .formatted(behind.lastError(), parked));

    store.ask(new RowRequest.Park(next, parked, answer -> {}));
    store.runOnce();

    RowReads.Found.Row row = assertInstanceOf(RowReads.Found.Row.class, row(next));
    assertEquals(Optional.of(behind), row.row().parked());
  }

  private void administer(String sql) throws SQLException {
    try (Connection administrator = sandbox.mysql().connect();
        Statement statement = administrator.createStatement()) {
      statement.execute(sql.formatted(database.name()));
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = other.createStatement()) {
      statement.execute(sql);
    }
  }

  private long waitsForRows() throws SQLException {
    try (Statement statement = other.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT variable_value FROM performance_schema.global_status
                WHERE variable_name = 'Innodb_row_lock_waits'
                """)) {
      row.next();
      return row.getLong(1);
    }
  }
}
