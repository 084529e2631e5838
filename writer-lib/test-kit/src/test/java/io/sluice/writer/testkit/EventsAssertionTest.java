package io.sluice.writer.testkit;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatEvents;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatTransaction;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.repository.EventKey;
import io.sluice.repository.InvalidRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventsAssertionTest {

  private final RecordingOutbox outbox = new RecordingOutbox();

  private static OutboxEvent.Builder order(String id) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", id)
        .json("{\"amount\": 7.50, \"side\": \"buy\"}");
  }

  private EventsAssertion after(OutboxEvent... events) {
    try (Connection connection = outbox.beginTransaction()) {
      outbox.writer().append(connection, events);
      connection.commit();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
    return assertThatTransaction(outbox.lastTransaction());
  }

  private static void fails(Runnable assertion, String... lines) {
    AssertionError error = assertThrows(AssertionError.class, assertion::run);
    assertEquals(String.join(System.lineSeparator() + "  ", lines), error.getMessage());
  }

  @Test
  void comparesOnlyTheExpectedFields() {
    EventsAssertion written =
        after(order("1").header("tenant", "7").header("trace", "8").maxRetries(5).build());

    written.wroteExactly(event("order_created"));
    written.wroteExactly(
        event("order_created")
            .ofDomain(EventDomain.PORTFOLIO)
            .aggregate("order", "1")
            .payloadJson("{\"side\":\"buy\",\"amount\":7.5}")
            .payloadText("{\"amount\": 7.50, \"side\": \"buy\"}")
            .header("tenant", "7")
            .maxRetries(5));
  }

  @Test
  void numbersInJsonAreComparedByValue() {
    EventsAssertion written = after(order("1").json("{\"a\":7.0,\"b\":1e2}").build());

    written.wroteExactly(event("order_created").payloadJson("{\"a\":7,\"b\":100}"));
    assertThrows(
        AssertionError.class,
        () -> written.wroteExactly(event("order_created").payloadJson("{\"a\":8,\"b\":100}")));
  }

  @Test
  void namesEachFieldThatDiffersWithBothValues() {
    EventsAssertion written = after(order("1").header("tenant", "7").build());

    fails(
        () ->
            written.wroteExactly(
                event("order_changed")
                    .ofDomain(EventDomain.MARKET)
                    .aggregate("order", "2")
                    .payloadJson("{\"side\":\"sell\",\"amount\":7.5}")
                    .header("tenant", "8")
                    .header("trace", "9")
                    .maxRetries(4)),
        "the transaction, which was committed, wrote 1 event(s), not what was expected:",
        "event 1: event type: expected order_changed but was order_created",
        "event 1: domain: expected MARKET but was PORTFOLIO",
        "event 1: aggregate: expected order 2 but was order 1",
        "event 1: payload: expected {\"side\":\"sell\",\"amount\":7.5} but was {\"amount\": 7.50,"
            + " \"side\": \"buy\"}",
        "event 1: header tenant: expected 8 but was 7",
        "event 1: header trace: expected 9 but was missing",
        "event 1: max retries: expected 4 but was 3");
  }

  @Test
  void namesMissingAndUnexpectedEvents() {
    EventsAssertion written = after(order("1").build());

    fails(
        () -> written.wroteExactly(event("order_created"), event("paid").aggregate("order", "1")),
        "the transaction, which was committed, wrote 1 event(s), not what was expected:",
        "event 2: expected, but not written: event type paid, aggregate order 1");
    fails(
        written::wroteNothing,
        "the transaction, which was committed, wrote 1 event(s), not what was expected:",
        "event 1: written, but not expected: event type order_created, domain PORTFOLIO, aggregate"
            + " order 1, payload {\"amount\": 7.50, \"side\": \"buy\"}, headers {}, max retries 3");
  }

  @Test
  void orderMattersOnlyForWroteExactly() {
    EventsAssertion written = after(order("1").build(), order("2").build());
    ExpectedEvent first = event("order_created").aggregate("order", "1");
    ExpectedEvent second = event("order_created").aggregate("order", "2");

    written.wroteExactly(first, second);
    written.wroteInAnyOrder(second, first);
    fails(
        () -> written.wroteExactly(second, first),
        "the transaction, which was committed, wrote 2 event(s), not what was expected:",
        "event 1: aggregate: expected order 2 but was order 1",
        "event 2: aggregate: expected order 1 but was order 2");
  }

  @Test
  void aLooseExpectationDoesNotTakeTheEventOfAStricterOne() {
    EventsAssertion written = after(order("1").build(), order("2").build());

    written.wroteInAnyOrder(event("order_created"), event("order_created").aggregate("order", "1"));
    fails(
        () ->
            written.wroteInAnyOrder(
                event("order_created").aggregate("order", "1"),
                event("order_created").aggregate("order", "1")),
        "the transaction, which was committed, wrote 2 event(s), not what was expected:",
        "expected, but not written: event type order_created, aggregate order 1",
        "written, but not expected: event type order_created, domain PORTFOLIO, aggregate order 2,"
            + " payload {\"amount\": 7.50, \"side\": \"buy\"}, headers {}, max retries 3");
  }

  @Test
  void saysThatTheTransactionWasRolledBack() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      outbox.writer().append(connection, order("1").build());
      connection.rollback();
    }

    fails(
        () -> assertThatTransaction(outbox.lastTransaction()).wroteExactly(event("order_created")),
        "the transaction, which was rolled back after 1 event(s), wrote 0 event(s), not what was"
            + " expected:",
        "event 1: expected, but not written: event type order_created");
  }

  @Test
  void bytesAreShownInHexadecimal() {
    EventsAssertion written = after(order("1").payload(new byte[] {0, -1}).build());

    written.wroteExactly(event("order_created").payloadBytes(new byte[] {0, -1}));
    fails(
        () -> written.wroteExactly(event("order_created").payloadBytes(new byte[] {1})),
        "the transaction, which was committed, wrote 1 event(s), not what was expected:",
        "event 1: payload: expected 0x01 but was 0x00ff");
  }

  @Test
  void textThatIsNotJsonDiffersFromJson() {
    EventsAssertion written = after(order("1").payload("{} {}").build());

    fails(
        () -> written.wroteExactly(event("order_created").payloadJson("{}")),
        "the transaction, which was committed, wrote 1 event(s), not what was expected:",
        "event 1: payload: expected {} but was {} {}");
  }

  @Test
  void anExpectedPayloadThatIsNotJsonIsTheTestsMistake() {
    for (String text : new String[] {"{", "", "{} {}"}) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> event("order_created").payloadJson(text), text);
      assertTrue(
          String.valueOf(refused.getMessage()).contains("expected payload is not JSON"),
          refused.getMessage());
    }
  }

  @Test
  void anInvalidRowFailsTheTest() {
    InvalidRow row =
        new InvalidRow(
            new EventKey(ShardId.of("shard-1"), "7"), Map.of("status", "HELD"), "status 'HELD'");

    String message =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> assertThatEvents(List.of(row)))
                .getMessage());

    assertTrue(message.startsWith("event 7 of shard 'shard-1' is not a valid event"), message);
  }
}
