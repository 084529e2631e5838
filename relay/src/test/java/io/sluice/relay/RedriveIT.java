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
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The effect of {@link Redrive} on the topics. */
@SandboxTest
class RedriveIT {

  private static final AtomicInteger NEXT_SHARD = new AtomicInteger();

  private static final String FAIL =
      """
      UPDATE outbox_events SET status = 'FAILED', retry_count = 3, last_error = '%s',
        updated_at = UTC_TIMESTAMP(6)
      WHERE id = '%s'\
      """;
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

  private static RelayFixture fixture;
  private static Relay relay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    fixture = new RelayFixture(sandbox, "redrive", 2);
    fixture.provision();
    relay = RelayFixture.relay(fixture.config());
    relay.start();
  }

  @AfterAll
  static void stopRelay() {
    relay.close();
  }

  private static Redrive redrive(int shard) {
    return new Redrive(
        ShardDataSources.of(
            Map.of(fixture.source(shard).id(), fixture.database(shard).dataSource())));
  }

  private static EventKey key(int shard, OutboxEvent event) {
    return new EventKey(fixture.source(shard).id(), event.id());
  }

  /** Waits for the publication, and sets the statuses that a parking handler worker would set. */
  private void failAfterPublication(int shard, TopicReader topic) throws SQLException {
    fixture.write(shard, head, parked, retried, alsoParked, elsewhere);
    topic.await(5);
    fail(shard);
  }

  private void fail(int shard) throws SQLException {
    String behindHead = new ParkedBehind(head.id().toString()).lastError();
    fixture.database(shard).run(FAIL.formatted("e", head.id()));
    fixture.database(shard).run(FAIL.formatted(behindHead, parked.id()));
    fixture.database(shard).run(RETRY.formatted(retried.id()));
    fixture.database(shard).run(FAIL.formatted(behindHead, alsoParked.id()));
  }

  private static List<ConsumerRecord<String, byte[]>> ofRoom(
      String room, List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().filter(record -> record.key().equals(room)).toList();
  }

  private static List<String> ids(OutboxEvent... events) {
    return List.of(events).stream().map(event -> event.id().toString()).toList();
  }

  @Test
  void aRedrivenEventIsPublishedAgainBeforeItsFollowers() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    try (TopicReader topic = fixture.reader(EventDomain.CHAT, shard)) {
      failAfterPublication(shard, topic);
      ConsumerRecord<String, byte[]> first = ofRoom("r", topic.await(5)).get(0);
      long before = System.currentTimeMillis();

      assertEquals(new Done(3), redrive(shard).redrive(key(shard, head)));

      List<ConsumerRecord<String, byte[]>> records = ofRoom("r", topic.await(9));
      List<ConsumerRecord<String, byte[]>> again = records.subList(4, 8);
      assertEquals(ids(head, parked, retried, alsoParked), TopicReader.ids(again));
      again.forEach(record -> assertEquals("1", header(record, "outbox-redrive")));
      assertPublishedUnchanged(first, again.get(0), before);

      fail(shard);
      assertEquals(1, redrive(shard).redrive(FailedEvents.all()).events());

      List<ConsumerRecord<String, byte[]>> third = ofRoom("r", topic.await(13)).subList(8, 12);
      assertEquals(ids(head, parked, retried, alsoParked), TopicReader.ids(third));
      third.forEach(record -> assertEquals("2", header(record, "outbox-redrive")));
      assertNoOtherRecords(shard, topic);
    }
  }

  private static void assertPublishedUnchanged(
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
    assertEquals("2026-01-02T03:04:05Z", header(first, "outbox-created-at"));
    assertEquals("2026-01-02T03:04:05Z", header(again, "outbox-created-at"));
    assertFalse(again.timestamp() < before, "it has the time of its redrive");
  }

  /** Publishes one more event: unexpected records would come before it. */
  private void assertNoOtherRecords(int shard, TopicReader topic) throws SQLException {
    OutboxEvent last = RelayFixture.chat("x", "{}");
    fixture.write(shard, last);
    assertEquals(ids(elsewhere, last), TopicReader.ids(ofRoom("x", topic.awaitId(last.id()))));
  }

  @Test
  void aDiscardedEventIsNotPublishedAgainButTheEventsParkedBehindItAre() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    try (TopicReader topic = fixture.reader(EventDomain.CHAT, shard)) {
      failAfterPublication(shard, topic);
      fixture.database(shard).run(FAIL.formatted("e", elsewhere.id()));
      Redrive redrive = redrive(shard);

      assertEquals(new Done(0), redrive.discard(key(shard, elsewhere)));
      assertEquals(new Done(3), redrive.discard(key(shard, head)));

      OutboxEvent last = RelayFixture.chat("r", "{}");
      fixture.write(shard, last);
      assertEquals(
          ids(head, parked, retried, alsoParked, parked, retried, alsoParked, last),
          TopicReader.ids(ofRoom("r", topic.awaitId(last.id()))));
      assertNoOtherRecords(shard, topic);
    }
  }
}
