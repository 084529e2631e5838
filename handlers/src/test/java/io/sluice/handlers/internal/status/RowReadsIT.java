package io.sluice.handlers.internal.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How rows are read, confirmed and parked. */
@SandboxTest
class RowReadsIT {

  private static final Confirmation GONE = new Confirmation.Certain(Optional.empty());

  private final StatusStoreFixture fixture;

  RowReadsIT(Sandbox sandbox) throws SQLException {
    fixture = new StatusStoreFixture(sandbox);
  }

  @AfterEach
  void close() throws SQLException {
    fixture.close();
  }

  @Test
  void aRowWithoutATimeIsReadAsOneOfLongAgo() throws Exception {
    String zero = fixture.event("a");
    String nothing = fixture.event("b");
    String odd = fixture.event("c");
    fixture.execute("SET SESSION sql_mode = ''");
    fixture.execute("ALTER TABLE outbox_events MODIFY updated_at DATETIME(6) NULL");
    fixture.execute("UPDATE outbox_events SET updated_at = 0 WHERE id = '%s'".formatted(zero));
    fixture.execute(
        "UPDATE outbox_events SET updated_at = NULL WHERE id = '%s'".formatted(nothing));
    fixture.execute(
        "UPDATE outbox_events SET updated_at = '2026-00-10' WHERE id = '%s'".formatted(odd));
    List<Instant> times = new ArrayList<>();
    for (String id : List.of(zero, nothing, odd)) {
      fixture.store.ask(
          StatusStoreFixture.read(id, row -> times.add(row.orElseThrow().row().updatedAt())));
    }
    fixture.store.runOnce();

    assertEquals(List.of(Instant.EPOCH, Instant.EPOCH), times.subList(0, 2));
    assertEquals(3, times.size(), "whatever the server makes of the day 0");
  }

  @Test
  void anEventIsNotReleasedFromBehindARowWithoutAStatus() throws Exception {
    String head = fixture.event("a");
    String next = fixture.event("a");
    fixture.execute("ALTER TABLE outbox_events MODIFY status VARCHAR(20) NULL");
    fixture.execute("UPDATE outbox_events SET status = NULL WHERE id = '%s'".formatted(head));
    List<RowRequest.ParkAnswer> answers = new ArrayList<>();
    fixture.store.ask(new RowRequest.Park(next, head, answers::add));
    fixture.store.runOnce();
    assertEquals(List.of(), answers);

    fixture.execute("UPDATE outbox_events SET status = 'FAILED' WHERE id = '%s'".formatted(head));
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertInstanceOf(RowRequest.ParkAnswer.Behind.class, answers.get(0));
  }

  @Test
  void aRowWithoutAStatusHoldsUpNoOther() throws Exception {
    String broken = fixture.event("a");
    String sound = fixture.event("b");
    fixture.execute("ALTER TABLE outbox_events MODIFY status VARCHAR(20) NULL");
    fixture.execute("UPDATE outbox_events SET status = NULL WHERE id = '%s'".formatted(broken));
    List<String> answered = new ArrayList<>();
    for (String id : List.of(broken, sound)) {
      fixture.store.ask(StatusStoreFixture.read(id, row -> answered.add(id)));
    }
    fixture.store.runOnce();

    assertEquals(List.of(sound), answered);
    assertFalse(fixture.store.isAway());
  }

  /** Otherwise a shard with such rows would be read row by row, again and again. */
  @Test
  void rowsThatCannotBeReadAreReadTogetherWithOthers() throws Exception {
    String status = fixture.event("a");
    String payload = fixture.event("b");
    fixture.execute("ALTER TABLE outbox_events MODIFY event_data LONGTEXT NULL");
    fixture.execute("UPDATE outbox_events SET status = 'X' WHERE id = '%s'".formatted(status));
    fixture.execute(
        "UPDATE outbox_events SET event_data = NULL WHERE id = '%s'".formatted(payload));
    List<String> answered = new ArrayList<>();
    fixture.store.ask(StatusStoreFixture.read(status, true, row -> answered.add(status)));
    fixture.store.ask(StatusStoreFixture.read(payload, true, row -> answered.add(payload)));
    fixture.store.runOnce();
    for (int turn = 1; turn <= 3; turn++) {
      String sound = fixture.event("c");
      fixture.clock.advance(StatusStoreFixture.LATER);
      fixture.statements.clear();
      fixture.store.ask(StatusStoreFixture.read(sound, true, row -> answered.add(sound)));
      fixture.store.runOnce();

      assertEquals(turn, answered.size(), answered::toString);
      assertEquals(2, fixture.statements.size(), "one for sound rows, one for the others");
    }
    fixture.execute("UPDATE outbox_events SET status = 'RETRY', event_data = '{}'");
    fixture.clock.advance(StatusStoreFixture.LATER);
    fixture.store.runOnce();
    assertEquals(Set.of(status, payload), Set.copyOf(answered.subList(3, 5)));
  }

  @Test
  void missingRowsAreReadAndConfirmedTogether() throws Exception {
    List<String> read = new ArrayList<>();
    List<Confirmation> confirmed = new ArrayList<>();
    for (String id : List.of("absent-1", "absent-2", "absent-3")) {
      fixture.store.ask(StatusStoreFixture.read(id, row -> read.add(id + row.isPresent())));
      fixture.store.ask(new RowRequest.Confirm(id, 0, fixture.executed(), confirmed::add));
    }
    fixture.store.runOnce();

    assertEquals(List.of("absent-1false", "absent-2false", "absent-3false"), read);
    assertEquals(List.of(GONE, GONE, GONE), confirmed);
    assertEquals(4, fixture.statements.size(), fixture.statements::toString);
  }

  /** After a failover with a backlog there may be thousands of them. */
  @Test
  void transactionsThatAreNotExecutedConcernTheirOwnRowsOnlyAndAreCheckedTogether()
      throws Exception {
    List<Optional<String>> transactions =
        List.of(
            Optional.of("3e11fa47-71ca-11e1-9e33-c80aa9429562:23"),
            fixture.executed(),
            Optional.of("3e11fa47-71ca-11e1-9e33-c80aa9429562:24"));
    List<Confirmation> confirmed = new ArrayList<>();
    transactions.forEach(
        transaction ->
            fixture.store.ask(new RowRequest.Confirm("absent", 0, transaction, confirmed::add)));
    fixture.store.runOnce();

    for (int late : List.of(0, 2)) {
      String why = assertInstanceOf(Confirmation.Doubtful.class, confirmed.get(late)).why();
      assertTrue(why.contains(transactions.get(late).orElseThrow()), why);
    }
    assertEquals(GONE, confirmed.get(1));
    assertEquals(2, fixture.statements.size(), fixture.statements::toString);
  }

  @Test
  void aStatementChecksAsManyTransactionsAsRowsAreConfirmedTogether() throws Exception {
    List<String> transactions =
        IntStream.rangeClosed(1, ShardStatusStore.CONFIRMS_AT_A_TIME)
            .mapToObj("3e11fa47-71ca-11e1-9e33-c80aa9429562:%d"::formatted)
            .toList();
    assertEquals(
        Set.copyOf(transactions), RowReads.notExecuted(fixture.other, Set.copyOf(transactions)));
  }

  /** A gap lock would delay inserts of the application. */
  @Test
  void aMissingRowLocksNoGap() throws Exception {
    List<Long> locks = new ArrayList<>();
    fixture.whenCalled = (method, sql) -> locks.add(fixture.gapLocks());
    fixture.confirmation("absent", 0, Optional.empty());
    fixture.store.ask(new RowRequest.Park("absent", "absent-too", answer -> {}));
    fixture.store.ask(new RowRequest.Probe(() -> {}));
    fixture.store.runOnce();

    assertEquals(0, Collections.max(locks));
  }

  /** A connection that cannot hold all characters must not change what a later attempt gets. */
  @Test
  void theCharacterSetOfTheConnectionDoesNotMatter() throws Exception {
    String text = "Łukasz 😀 é";
    fixture.execute(
        "ALTER TABLE outbox_events MODIFY event_data LONGTEXT CHARACTER SET utf8mb4 NOT NULL");
    for (String suffix :
        List.of("?characterEncoding=ISO-8859-1", "?characterSetResults=latin1", "")) {
      fixture.urlSuffix = suffix;
      String id = fixture.event("a");
      fixture.execute(
          "UPDATE outbox_events SET event_data = '%s' WHERE id = '%s'".formatted(text, id));
      List<String> payloads = new ArrayList<>();
      fixture.store.ask(
          StatusStoreFixture.read(
              id,
              true,
              row -> payloads.add(new String(row.orElseThrow().payload().orElseThrow(), UTF_8))));
      RowState before = assertInstanceOf(FoundRow.Present.class, fixture.row(id)).row();
      fixture.store.ask(
          new RowRequest.Write(
              id,
              new RowUpdate(OutboxStatus.RETRY, before, text, Instant.now()),
              false,
              row -> {}));
      fixture.store.runOnce();
      fixture.store.runOnce();

      assertEquals(List.of(text), payloads, suffix);
      assertEquals(text, fixture.lastError(id), suffix);
    }
  }

  @Test
  void aPayloadIsReadAsItsRecordHasItWhereItIsNeeded() throws Exception {
    String id = fixture.event("a");
    for (String type : List.of("LONGTEXT", "JSON", "LONGBLOB")) {
      fixture.execute("ALTER TABLE outbox_events MODIFY event_data " + type + " NOT NULL");
      fixture.execute("UPDATE outbox_events SET event_data = '{\"zürich\": 1.50}'");
      List<FoundRow.Present> found = new ArrayList<>();
      fixture.store.ask(StatusStoreFixture.read(id, row -> found.add(row.orElseThrow())));
      fixture.store.ask(StatusStoreFixture.read(id, true, row -> found.add(row.orElseThrow())));
      fixture.store.runOnce();

      assertEquals(Optional.empty(), found.get(0).payload());
      String payload = new String(found.get(1).payload().orElseThrow(), UTF_8);
      assertEquals(type.equals("JSON") ? "{\"zürich\": 1.5}" : "{\"zürich\": 1.50}", payload);
    }
  }

  @Test
  void aRowIsConfirmedUnlessTheServerHasYetToExecuteWhatWroteTheRecord() throws Exception {
    String event = fixture.event("a");
    FoundRow.Present row = assertInstanceOf(FoundRow.Present.class, fixture.row(event));
    List<Confirmation> asItStands = List.of(new Confirmation.Certain(Optional.of(row.row())));
    Optional<String> toCome = Optional.of("3e11fa47-71ca-11e1-9e33-c80aa9429562:23");

    assertEquals(asItStands, fixture.confirmation(event, 0, toCome));
    assertEquals(asItStands, fixture.confirmation(event, 1, Optional.empty()));
    assertInstanceOf(Confirmation.Doubtful.class, fixture.confirmation(event, 1, toCome).get(0));
    assertInstanceOf(Confirmation.Doubtful.class, fixture.confirmation("absent", 0, toCome).get(0));
    assertEquals(
        List.of(new Confirmation.Certain(Optional.empty())),
        fixture.confirmation("absent", 0, Optional.empty()));
  }

  @Test
  void whatIsParkedBehindAParkedEventIsParkedBehindTheOneThatFailed() throws Exception {
    String failed = fixture.event("a");
    String parked = fixture.event("a");
    String next = fixture.event("a");
    ParkedBehind behind = new ParkedBehind(failed);
    fixture.execute("UPDATE outbox_events SET status = 'FAILED' WHERE id = '%s'".formatted(failed));
    fixture.execute(
        "UPDATE outbox_events SET status = 'FAILED', last_error = '%s' WHERE id = '%s'"
            .formatted(behind.lastError(), parked));

    fixture.store.ask(new RowRequest.Park(next, parked, answer -> {}));
    fixture.store.runOnce();

    FoundRow.Present row = assertInstanceOf(FoundRow.Present.class, fixture.row(next));
    assertEquals(Optional.of(behind), row.row().parked());
  }
}
