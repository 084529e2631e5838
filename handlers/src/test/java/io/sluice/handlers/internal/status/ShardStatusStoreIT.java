package io.sluice.handlers.internal.status;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.TableLock;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When outcomes are written, and how they are batched. */
@SandboxTest
class ShardStatusStoreIT {

  private final StatusStoreFixture fixture;

  ShardStatusStoreIT(Sandbox sandbox) throws SQLException {
    fixture = new StatusStoreFixture(sandbox);
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  /** As with a frozen server, or a network that drops packets. */
  @Test
  void aShardWhoseAnswerIsOverdueIsAway() throws Exception {
    String id = fixture.event("a");
    Thread asking = new Thread(fixture::turnUninterrupted);
    try (TableLock lock = new TableLock(fixture.database.connect(), "outbox_events")) {
      lock.take();
      List<String> read = new CopyOnWriteArrayList<>();
      fixture.store.ask(
          new RowRequest.Read(id, 5, 0, Optional.empty(), false, () -> true, row -> read.add(id)));
      asking.start();
      until("the store waits for its answer", () -> fixture.isWaitedFor("outbox_events"));
      assertFalse(fixture.store.isAway());
      fixture.clock.advance(Duration.ofSeconds(6));
      assertTrue(fixture.store.isAway());

      lock.release();
      asking.join();
      assertEquals(List.of(id), read);
      assertFalse(fixture.store.isAway());
    }
  }

  @Test
  void aShardIsNotBackBeforeItHasAnswered() throws Exception {
    AtomicBoolean wanted = new AtomicBoolean(true);
    fixture.execute("RENAME TABLE outbox_events TO elsewhere");
    try {
      fixture.store.ask(
          new RowRequest.Read("1", 5, 0, Optional.empty(), false, wanted::get, row -> {}));
      fixture.store.runOnce();
      assertTrue(fixture.store.isAway());

      wanted.set(false);
      fixture.store.runOnce();
      assertTrue(fixture.store.isAway(), "there was nothing to ask it");
    } finally {
      fixture.execute("RENAME TABLE elsewhere TO outbox_events");
    }
    fixture.store.ask(
        new RowRequest.Read("1", 5, 0, Optional.empty(), false, () -> true, row -> {}));
    fixture.store.runOnce();
    assertFalse(fixture.store.isAway());
  }

  @Test
  void anExhaustedPoolDoesNotHideADeadServerForLong() throws Exception {
    String id = fixture.event("a");
    fixture.whenBorrowed =
        connection -> {
          connection.close();
          throw new SQLTransientConnectionException("no connection is available");
        };
    fixture.store.connectionTaken();
    fixture.publishAndTurn(id);
    assertFalse(fixture.store.isAway(), "a handler has it");

    fixture.clock.advance(Duration.ofSeconds(59));
    fixture.store.connectionTaken();
    fixture.clock.advance(Duration.ofSeconds(59));
    fixture.store.runOnce();
    assertFalse(fixture.store.isAway(), "the pool still lends");

    fixture.clock.advance(Duration.ofSeconds(2));
    fixture.store.runOnce();
    assertTrue(fixture.store.isAway());

    fixture.whenBorrowed = connection -> {};
    fixture.store.runOnce();
    assertFalse(fixture.store.isAway());
    assertEquals(List.of(id), fixture.written);
  }

  @Test
  void anOutcomeWaitsForOthersWhileHandlersAreAtWork() throws Exception {
    String first = fixture.event("a");
    String second = fixture.event("b");
    fixture.store.callBegun();
    fixture.publishAndTurn(first);
    fixture.publishAndTurn(second);
    assertEquals(List.of(), fixture.written);

    fixture.store.callEnded();
    fixture.store.runOnce();
    assertEquals(List.of(first, second), fixture.written);
  }

  @Test
  void anOutcomeThatTheNextEventWaitsForTakesTheOthersAlong() throws Exception {
    String first = fixture.event("a");
    String second = fixture.event("b");
    fixture.store.callBegun();
    fixture.publishAndTurn(first);
    assertEquals(List.of(), fixture.written);

    fixture.store.ask(fixture.published(second, true));
    fixture.store.runOnce();
    assertEquals(List.of(first, second), fixture.written);
  }

  /** A firewall or {@code wait_timeout} closes a connection that is not used for long. */
  @Test
  void aKeptConnectionThatWasClosedMeanwhileIsReplacedBeforeItIsUsed() throws Exception {
    String first = fixture.event("a");
    String second = fixture.event("b");
    fixture.store.connectionTaken();
    fixture.publishAndTurn(first);
    fixture.store.runOnce();
    fixture.killConnectionOfStore();
    fixture.clock.advance(ShardStatusStore.SURE.plusSeconds(1));
    fixture.publishAndTurn(second);

    assertEquals(List.of(first, second), fixture.written);
    assertFalse(fixture.store.isAway());
  }

  @Test
  void aSingleOutcomeDoesNotWait() throws Exception {
    String event = fixture.event("a");
    fixture.publishAndTurn(event);
    assertEquals(List.of(event), fixture.written);
  }

  @Test
  void asManyOutcomesAsAStatementTakesDoNotWait() throws Exception {
    fixture.store.callBegun();
    fixture.publish(fixture.event("a"));
    fixture.publish(fixture.event("b"));
    fixture.publishAndTurn(fixture.event("c"));
    assertEquals(3, fixture.written.size());
  }

  @Test
  void noneWaitsLongerThanItMay() throws Exception {
    String event = fixture.event("a");
    fixture.store.callBegun();
    fixture.publishAndTurn(event);
    fixture.clock.advance(StatusStoreFixture.LINGER);
    fixture.store.runOnce();
    assertEquals(List.of(event), fixture.written);
  }

  @Test
  void aLockedRowIsRetriedAndOthersOfItsStatementAreWritten() throws Exception {
    String held = fixture.event("a");
    String free = fixture.event("b");
    String next = fixture.event("c");
    RowRequest later = fixture.published(next);
    fixture.publish(held);
    fixture.publish(free);
    fixture.other.setAutoCommit(false);
    assertEquals(1, RowReads.locking(fixture.other, List.of(held)).size());
    fixture.store.runOnce();
    assertEquals(List.of(free), fixture.written);

    fixture.clock.advance(StatusStoreFixture.LATER);
    long waits = fixture.waitsForRows();
    fixture.store.ask(later);
    fixture.store.runOnce();
    assertEquals(List.of(free, next), fixture.written);
    assertEquals(waits, fixture.waitsForRows(), "it is only looked whether the row is free");

    fixture.other.rollback();
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertEquals(List.of(free, next, held), fixture.written);
  }

  @Test
  void aRowThatRefusesItsOutcomeIsRetriedUnlockedAndOthersOfItsStatementAreWritten()
      throws Exception {
    fixture.execute(
        "ALTER TABLE outbox_events ADD CHECK (aggregate_id <> 'r' OR status <> 'PUBLISHED')");
    String refusing = fixture.event("r");
    String free = fixture.event("b");
    fixture.publish(refusing);
    fixture.publish(free);
    fixture.store.runOnce();
    assertEquals(List.of(free), fixture.written);
    assertInstanceOf(FoundRow.Present.class, fixture.row(refusing));

    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertInstanceOf(FoundRow.Present.class, fixture.row(refusing));

    fixture.execute("UPDATE outbox_events SET aggregate_id = 'a' WHERE aggregate_id = 'r'");
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertEquals(List.of(free, refusing), fixture.written);
  }

  @Test
  void aRowRefusedWithoutAClassHoldsUpNeitherWritesNorQuestions() throws Exception {
    fixture.publishAndTurn(fixture.refusing());
    for (int turn = 0; turn < 3; turn++) {
      fixture.clock.advance(StatusStoreFixture.LATER);
      String free = fixture.event("b");
      fixture.publish(free);
      List<String> answered = new ArrayList<>();
      fixture.store.ask(new RowRequest.Probe(() -> answered.add("probe")));
      fixture.store.ask(
          new RowRequest.FailedHeads(EventDomain.CHAT, heads -> answered.add("heads")));
      fixture.store.runOnce();

      assertEquals(List.of("probe", "heads"), answered);
      assertEquals(turn + 1, fixture.written.size());
      assertFalse(fixture.store.isAway());
    }
  }

  /** A shard may have very many of them, also of other domains. */
  @Test
  void failedEventsAreReadPageByPageBetweenOtherRequests() throws Exception {
    List<OutboxEvent> events =
        Stream.generate(
                () ->
                    OutboxEvent.builder(EventDomain.CHAT, "message_sent")
                        .aggregate("room", "7")
                        .json("{}")
                        .build())
            .limit(2_100)
            .toList();
    fixture.other.setAutoCommit(false);
    new OutboxWriter().append(fixture.other, events);
    fixture.other.commit();
    fixture.other.setAutoCommit(true);
    fixture.execute("UPDATE outbox_events SET status = 'FAILED'");
    List<String> answered = new ArrayList<>();
    fixture.store.ask(
        new RowRequest.FailedHeads(
            EventDomain.CHAT, heads -> answered.add("heads " + heads.size())));
    for (int turn = 1; turn <= 3; turn++) {
      fixture.store.ask(StatusStoreFixture.read("absent", row -> answered.add("row")));
      fixture.store.runOnce();
    }
    assertEquals(List.of("row", "row", "row", "heads 2100"), answered);
  }

  @Test
  void norDoSeveral() throws Exception {
    fixture.publish(fixture.refusing());
    fixture.publishAndTurn(fixture.event("refusing-too"));
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertFalse(fixture.store.isAway());

    fixture.administer("DROP TRIGGER `%1$s`.refusing");
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertEquals(2, fixture.written.size());
  }

  /** Its characters must be escaped in text, which depends on the session's mode. */
  @Test
  void anIdOfAnyCharactersIsReadAndWritten() throws Exception {
    String id = "it's \"\\\" \\' %_`";
    for (String mode : List.of("", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES")) {
      fixture.whenBorrowed =
          connection -> {
            try (Statement statement = connection.createStatement()) {
              statement.execute("SET SESSION sql_mode = '%s'".formatted(mode));
            }
          };
      rename(fixture.event("a"), id);
      List<Optional<FoundRow.Present>> rows = new ArrayList<>();
      fixture.store.ask(StatusStoreFixture.read(id, rows::add));
      fixture.publish(id);
      fixture.store.runOnce();

      assertEquals(1, rows.stream().flatMap(Optional::stream).count(), mode);
      assertEquals(List.of(id), fixture.written, mode);
      assertEquals(OutboxStatus.PUBLISHED, fixture.row(id).state().orElseThrow().status(), mode);
      fixture.written.clear();
      fixture.execute("DELETE FROM outbox_events");
      fixture.clock.advance(Duration.ofSeconds(1));
      fixture.store.runOnce();
    }
  }

  private void rename(String from, String to) throws SQLException {
    try (PreparedStatement update =
        fixture.other.prepareStatement("UPDATE outbox_events SET id = ? WHERE id = ?")) {
      update.setString(1, to);
      update.setString(2, from);
      update.executeUpdate();
    }
  }
}
