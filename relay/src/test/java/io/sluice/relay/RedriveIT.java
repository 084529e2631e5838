package io.sluice.relay;

import static io.sluice.relay.TopicReader.header;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.FailedEvents;
import io.sluice.redrive.Redrive;
import io.sluice.redrive.RedriveOutcome.Done;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What {@link Redrive} does to rows, seen on their topic. */
@SandboxTest
class RedriveIT {

  private static final ShardId SHARD = ShardId.of("s0");
  private static final String FAIL =
      """
      UPDATE outbox_events SET status = 'FAILED', retry_count = 3, last_error = '%s',
        updated_at = UTC_TIMESTAMP(6)
      WHERE id = '%s'""";
  private static final String RETRY =
      "UPDATE outbox_events SET status = 'RETRY', retry_count = 1 WHERE id = '%s'";

  private final OutboxEvent head =
      RelayFixture.chat("r", "{\"b\": 1,  \"a\": 100.00}").toBuilder()
          .header("tenant", "Zoë")
          .createdAt(Instant.parse("2026-01-02T03:04:05Z"))
          .build();
  private final OutboxEvent parked = RelayFixture.chat("r", "{\"n\": 2}");
  private final OutboxEvent retried = RelayFixture.chat("r", "{\"n\": 3}");
  private final OutboxEvent alsoParked = RelayFixture.chat("r", "{\"n\": 4}");
  private final OutboxEvent elsewhere = RelayFixture.chat("x", "{}");

  private static Redrive redrive(RelayFixture fixture) {
    return new Redrive(ShardDataSources.of(Map.of(SHARD, fixture.database(0).dataSource())));
  }

  /** Published all, and then as a handler worker that parks would leave them. */
  private void failAfterPublication(RelayFixture fixture, TopicReader topic) throws SQLException {
    fixture.write(0, head, parked, retried, alsoParked, elsewhere);
    topic.await(5);
    fail(fixture);
  }

  private void fail(RelayFixture fixture) throws SQLException {
    String behindHead = new ParkedBehind(head.id().toString()).lastError();
    fixture.database(0).run(FAIL.formatted("e", head.id()));
    fixture.database(0).run(FAIL.formatted(behindHead, parked.id()));
    fixture.database(0).run(RETRY.formatted(retried.id()));
    fixture.database(0).run(FAIL.formatted(behindHead, alsoParked.id()));
  }

  private static List<ConsumerRecord<String, byte[]>> ofRoom(
      String room, List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().filter(record -> record.key().equals(room)).toList();
  }

  private static List<String> ids(OutboxEvent... events) {
    return List.of(events).stream().map(event -> event.id().toString()).toList();
  }

  @Test
  void aRedrivenEventComesAgainAndItsFollowersAfterIt(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "again", 1);
    fixture.provision();
    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      failAfterPublication(fixture, topic);
      ConsumerRecord<String, byte[]> first = ofRoom("r", topic.await(5)).get(0);
      long before = System.currentTimeMillis();

      assertEquals(new Done(3), redrive(fixture).redrive(new EventKey(SHARD, head.id())));

      List<ConsumerRecord<String, byte[]>> records = ofRoom("r", topic.await(9));
      List<ConsumerRecord<String, byte[]>> again = records.subList(4, 8);
      assertEquals(ids(head, parked, retried, alsoParked), TopicReader.ids(again));
      again.forEach(record -> assertEquals("1", header(record, "outbox-redrive")));
      assertComesAsItWas(first, again.get(0), before);

      fail(fixture);
      assertEquals(1, redrive(fixture).redrive(FailedEvents.all()).events());

      List<ConsumerRecord<String, byte[]>> third = ofRoom("r", topic.await(13)).subList(8, 12);
      assertEquals(ids(head, parked, retried, alsoParked), TopicReader.ids(third));
      third.forEach(record -> assertEquals("2", header(record, "outbox-redrive")));
      assertNothingElseCame(fixture, topic);
    }
  }

  private static void assertComesAsItWas(
      ConsumerRecord<String, byte[]> first, ConsumerRecord<String, byte[]> again, long before) {
    assertEquals("(none)", header(first, "outbox-redrive"));
    assertEquals(first.partition(), again.partition());
    assertArrayEquals(first.value(), again.value());
    for (String same :
        List.of("id", "eventType", "aggregateType", "tenant", "outbox-max-retries")) {
      assertEquals(header(first, same), header(again, same), same);
    }
    assertEquals("(none)", header(again, "outbox-replay"));
    assertNotEquals(header(first, "outbox-position"), header(again, "outbox-position"));
    assertEquals(Instant.parse("2026-01-02T03:04:05Z").toEpochMilli(), first.timestamp());
    assertFalse(again.timestamp() < before, "it bears the present");
  }

  /** The other aggregate's order shows it: what came before the last event would be before it. */
  private void assertNothingElseCame(RelayFixture fixture, TopicReader topic) throws SQLException {
    OutboxEvent last = RelayFixture.chat("x", "{}");
    fixture.write(0, last);
    assertEquals(ids(elsewhere, last), TopicReader.ids(ofRoom("x", topic.awaitId(last.id()))));
  }

  @Test
  void aDiscardedEventDoesNotComeAgainButWhatWasParkedBehindItDoes(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "discarded", 1);
    fixture.provision();
    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      failAfterPublication(fixture, topic);
      fixture.database(0).run(FAIL.formatted("e", elsewhere.id()));
      Redrive redrive = redrive(fixture);

      assertEquals(new Done(0), redrive.discard(new EventKey(SHARD, elsewhere.id())));
      assertEquals(new Done(3), redrive.discard(new EventKey(SHARD, head.id())));

      OutboxEvent last = RelayFixture.chat("r", "{}");
      fixture.write(0, last);
      assertEquals(
          ids(head, parked, retried, alsoParked, parked, retried, alsoParked, last),
          TopicReader.ids(ofRoom("r", topic.awaitId(last.id()))));
      assertNothingElseCame(fixture, topic);
    }
  }
}
