package io.sluice.handlers.internal.desk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowUpdate;
import io.sluice.handlers.internal.table.RowReads;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When outcomes are written, and with which others. */
@SandboxTest
class ShardDeskIT {

  private static final Duration LINGER = Duration.ofMinutes(1);

  /** Longer than a request is put off. */
  private static final Duration LATER = Duration.ofSeconds(2);

  private final SettableClock clock = new SettableClock();
  private final Database database;
  private final Connection other;
  private final List<String> written = new ArrayList<>();
  private final ShardDesk desk;

  ShardDeskIT(Sandbox sandbox) throws SQLException {
    database = sandbox.database("one");
    database.run(OutboxTable.ddl());
    other = database.connect();
    desk =
        new ShardDesk(ShardId.GLOBAL, database.dataSource(), new WriteBatching(3, LINGER), clock);
  }

  /** With nothing to do, and stopped, the desk gives its connection back. */
  @AfterEach
  void close() throws SQLException {
    desk.stop();
    desk.run();
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
        id, RowUpdate.published(row.state(), Instant.now()), after -> written.add(id));
  }

  private void publish(String id) throws SQLException {
    desk.ask(published(id));
  }

  private void publishAndTurn(String id) throws Exception {
    publish(id);
    desk.runOnce();
  }

  @Test
  void anOutcomeWaitsForOthersWhileHandlersAreAtWork() throws Exception {
    String first = event("a");
    String second = event("b");
    desk.callBegun();
    publishAndTurn(first);
    publishAndTurn(second);
    assertEquals(List.of(), written);

    desk.callEnded();
    desk.runOnce();
    assertEquals(List.of(first, second), written);
  }

  @Test
  void oneThatIsAloneWaitsForNobody() throws Exception {
    String event = event("a");
    publishAndTurn(event);
    assertEquals(List.of(event), written);
  }

  @Test
  void asManyAsAStatementTakesWaitForNobody() throws Exception {
    desk.callBegun();
    publish(event("a"));
    publish(event("b"));
    publishAndTurn(event("c"));
    assertEquals(3, written.size());
  }

  @Test
  void noneWaitsLongerThanItMay() throws Exception {
    String event = event("a");
    desk.callBegun();
    publishAndTurn(event);
    clock.advance(LINGER);
    desk.runOnce();
    assertEquals(List.of(event), written);
  }

  @Test
  void aRowThatSomebodyHoldsIsPutOffAndThoseOfItsStatementAreNot() throws Exception {
    String held = event("a");
    String free = event("b");
    String next = event("c");
    RowRequest later = published(next);
    publish(held);
    publish(free);
    other.setAutoCommit(false);
    assertEquals(1, RowReads.locking(other, List.of(held)).size());
    desk.runOnce();
    assertEquals(List.of(free), written);

    clock.advance(LATER);
    long waits = waitsForRows();
    desk.ask(later);
    desk.runOnce();
    assertEquals(List.of(free, next), written);
    assertEquals(waits, waitsForRows(), "it is only looked whether the row is free");

    other.rollback();
    clock.advance(LATER);
    desk.runOnce();
    assertEquals(List.of(free, next, held), written);
  }

  @Test
  void aRowThatRefusesItsOutcomeIsPutOffUnlockedAndThoseOfItsStatementAreNot() throws Exception {
    execute("ALTER TABLE outbox_events ADD CHECK (aggregate_id <> 'r' OR status <> 'PUBLISHED')");
    String refusing = event("r");
    String free = event("b");
    publish(refusing);
    publish(free);
    desk.runOnce();
    assertEquals(List.of(free), written);
    assertInstanceOf(RowReads.Found.Row.class, row(refusing));

    clock.advance(LATER);
    desk.runOnce();
    assertInstanceOf(RowReads.Found.Row.class, row(refusing));

    execute("UPDATE outbox_events SET aggregate_id = 'a' WHERE aggregate_id = 'r'");
    clock.advance(LATER);
    desk.runOnce();
    assertEquals(List.of(free, refusing), written);
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

    desk.ask(new RowRequest.Park(next, parked, answer -> {}));
    desk.runOnce();

    RowReads.Found.Row row = assertInstanceOf(RowReads.Found.Row.class, row(next));
    assertEquals(Optional.of(behind), row.state().parked());
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
