package io.sluice.handlers.internal.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.outbox.ParkedBehind;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How rows are read, confirmed and parked. */
@SandboxTest
class RowReadsIT {

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
