package io.sluice.sandbox.demo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.setup.BookingTables;
import io.sluice.sandbox.demo.setup.BusinessTables;
import io.sluice.sandbox.demo.trading.Trouble;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Checks that the verdict reports lost, duplicated and wrong events. */
@Tag("containers")
@SandboxTest
class VerdictIT {

  /** Makes an event FAILED, with the header that plans a failure of every attempt. */
  private static final String FAIL =
      "UPDATE outbox_events SET status = 'FAILED',"
          + " headers = JSON_OBJECT('"
          + Trouble.HEADER
          + "', '2147483647')";

  private final Sandbox sandbox;

  VerdictIT(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** A shard, and the topics of its events. */
  private record Run(Database database, String topic, String deadLetters) {}

  private Run run(String name) throws SQLException {
    Database database = sandbox.database(name);
    database.run(OutboxTable.ddl());
    for (String ddl : BusinessTables.ddl()) {
      database.run(ddl);
    }
    for (String ddl : BookingTables.ddl()) {
      database.run(ddl);
    }
    return new Run(
        database,
        sandbox.topics().create(name + "-notification", 2),
        sandbox.topics().create(name + "-notification-letters", 2));
  }

  /**
   * Commits this many users, each with its event.
   *
   * @return the ids of the events
   */
  private static List<UUID> writeUsers(Run run, int count) throws SQLException {
    List<UUID> ids = write(run, "user_registered", count);
    run.database().run("INSERT INTO users SELECT UUID(), id, 'e', 'n' FROM outbox_events");
    return ids;
  }

  /**
   * Commits this many orders with their events, which are PUBLISHED and booked.
   *
   * @return the ids of the events
   */
  private static List<UUID> writeBookedOrders(Run run, int count) throws SQLException {
    List<UUID> ids = write(run, "order_created", count);
    run.database().run("INSERT INTO orders SELECT UUID(), id, 'u', 'AAPL', 10 FROM outbox_events");
    run.database()
        .run(
            "INSERT INTO bookings (event_id, account, amount)"
                + " SELECT id, aggregate_id, 10 FROM outbox_events");
    run.database().run("INSERT INTO balances SELECT account, amount FROM bookings");
    return ids;
  }

  private static List<UUID> write(Run run, String type, int count) throws SQLException {
    List<OutboxEvent> events =
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    OutboxEvent.builder(EventDomain.NOTIFICATION, type)
                        .aggregate("user", "u" + n)
                        .json("{}")
                        .build())
            .toList();
    try (Connection connection = run.database().connect()) {
      connection.setAutoCommit(false);
      new OutboxWriter().append(connection, events);
      connection.commit();
    }
    run.database().run("UPDATE outbox_events SET status = 'PUBLISHED'");
    return events.stream().map(OutboxEvent::id).toList();
  }

  private void send(String topic, String key, UUID id, String payload) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      ProducerRecord<String, String> record = new ProducerRecord<>(topic, key, payload);
      record.headers().add(RecordHeaders.ID, id.toString().getBytes(StandardCharsets.UTF_8));
      producer.send(record).get();
    }
  }

  private void sendAll(String topic, List<UUID> ids) throws Exception {
    for (int i = 0; i < ids.size(); i++) {
      send(topic, "u" + i, ids.get(i), "{}");
    }
  }

  private Verdict verdict(Run run) throws SQLException {
    String kafka = sandbox.kafka().bootstrapServers();
    List<ShardId> shards = List.of(ShardId.of(run.database().name()));
    try (TopicObserver topics = TopicObserver.open(kafka, List.of(run.topic()));
        TopicObserver deadLetters = TopicObserver.open(kafka, List.of(run.deadLetters()))) {
      return Verdict.reach(
          new Evidence(
              new OutboxTables(
                  run.database().dataSource(),
                  shards,
                  new TopicTemplate(run.topic().replace("notification", "${domain}"))),
              topics,
              deadLetters,
              new EffectAudit(run.database().dataSource(), shards)));
    }
  }

  private static void change(Run run, String sql, UUID event) throws SQLException {
    run.database().run(sql.formatted(event));
  }

  @Test
  void isGoodWhenEveryEventIsThereOnceAndFailedOnesHaveADeadLetter() throws Exception {
    Run run = run("good");
    List<UUID> ids = writeUsers(run, 3);
    sendAll(run.topic(), ids);
    change(run, FAIL + " WHERE id = '%s'", ids.get(2));
    send(run.deadLetters(), "any", ids.get(2), "{}");

    Verdict verdict = verdict(run);

    assertEquals(List.of(), verdict.complaints(3));
    assertEquals(
        "sandbox: written=3 relayed=3 published=2 failed=1 lost=0 duplicated=0 effects_lost=0"
            + " effects_doubled=0",
        verdict.line());
  }

  @Test
  void countsWhatIsLostDoubledUnknownTornAndUnsettled() throws Exception {
    Run run = run("bad");
    List<UUID> ids = writeUsers(run, 4);
    send(run.topic(), "u0", ids.get(0), "{}");
    send(run.topic(), "u0", ids.get(0), "{}");
    send(run.topic(), "u1", ids.get(1), "{ }");
    send(run.topic(), "any", UUID.randomUUID(), "{}");
    change(run, "DELETE FROM users WHERE event_id = '%s'", ids.get(2));
    run.database().run("INSERT INTO users VALUES (UUID(), UUID(), 'e', 'n')");
    change(run, "UPDATE outbox_events SET status = 'RETRY' WHERE id = '%s'", ids.get(3));

    Verdict verdict = verdict(run);

    assertEquals(
        "sandbox: written=4 relayed=2 published=3 failed=0 lost=2 duplicated=1 effects_lost=0"
            + " effects_doubled=0",
        verdict.line());
    assertEquals(
        List.of(
            "1 events were to be written and are not there",
            "2 committed events are not on their topic",
            "1 records are on a topic once more than they should",
            "1 events differ from their row, or are on a wrong topic",
            "1 events on the topics were never committed",
            "2 times business data and event were not committed together",
            "1 rows are neither PUBLISHED nor FAILED"),
        verdict.complaints(5));
    assertEquals(1, verdict.total().retrying());
  }

  @Test
  void missesTheDeadLetterOfAFailedEvent() throws Exception {
    Run run = run("letterless");
    List<UUID> ids = writeUsers(run, 3);
    sendAll(run.topic(), ids);
    change(run, FAIL + " WHERE id <> '%s'", ids.get(0));
    send(run.deadLetters(), "any", ids.get(0), "{}");
    send(run.deadLetters(), "any", ids.get(1), "{}");

    assertEquals(
        List.of("1 FAILED events are not on their topic of dead letters"),
        verdict(run).complaints(3));
  }

  @Test
  void isGoodWhenEveryPublishedOrderIsBookedOnce() throws Exception {
    Run run = run("booked");
    sendAll(run.topic(), writeBookedOrders(run, 3));

    assertEquals(List.of(), verdict(run).complaints(3));
  }

  @Test
  void countsEffectsThatAreLostWithTheirBalance() throws Exception {
    Run run = run("effectless");
    List<UUID> ids = writeBookedOrders(run, 3);
    sendAll(run.topic(), ids);
    change(run, "DELETE FROM bookings WHERE event_id = '%s'", ids.get(0));
    run.database().run("DELETE FROM balances WHERE account = 'u0'");

    Verdict verdict = verdict(run);

    assertEquals(
        List.of("1 PUBLISHED events have had no effect in their shard"), verdict.complaints(3));
    assertEquals(
        "sandbox: written=3 relayed=3 published=3 failed=0 lost=0 duplicated=0 effects_lost=1"
            + " effects_doubled=0",
        verdict.line());
  }

  @Test
  void countsEffectsThatAreDoubledWithTheirBalance() throws Exception {
    Run run = run("twice");
    List<UUID> ids = writeBookedOrders(run, 3);
    sendAll(run.topic(), ids);
    for (int i = 0; i < 2; i++) {
      change(
          run,
          "INSERT INTO bookings (event_id, account, amount) VALUES ('%s', 'u0', 10)",
          ids.get(0));
    }
    run.database().run("UPDATE balances SET amount = 30 WHERE account = 'u0'");

    Verdict verdict = verdict(run);

    assertEquals(List.of("2 effects of PUBLISHED events are one too many"), verdict.complaints(3));
    assertEquals(
        "sandbox: written=3 relayed=3 published=3 failed=0 lost=0 duplicated=0 effects_lost=0"
            + " effects_doubled=2",
        verdict.line());
  }

  @Test
  void complainsOfEffectsOfEventsThatHaveFailedOrNeverWere() throws Exception {
    Run run = run("stray");
    List<UUID> ids = writeBookedOrders(run, 3);
    sendAll(run.topic(), ids);
    change(run, FAIL + " WHERE id = '%s'", ids.get(0));
    send(run.deadLetters(), "any", ids.get(0), "{}");
    run.database()
        .run("INSERT INTO bookings (event_id, account, amount) VALUES (UUID(), 'new', 10)");
    run.database().run("INSERT INTO balances VALUES ('new', 10)");

    assertEquals(
        List.of("2 effects are of events that are not PUBLISHED"), verdict(run).complaints(3));
  }

  @Test
  void complainsOfBalancesThatAreNotTheSumOfTheirBookings() throws Exception {
    Run run = run("unbalanced");
    sendAll(run.topic(), writeBookedOrders(run, 4));
    run.database().run("UPDATE balances SET amount = 20 WHERE account = 'u0'");
    run.database().run("DELETE FROM balances WHERE account = 'u1'");
    run.database().run("INSERT INTO balances VALUES ('nobody', 10)");

    assertEquals(
        List.of("3 balances are not the sum of their bookings"), verdict(run).complaints(4));
  }

  @Test
  void complainsOfEventsThatFailThoughTheirHandlerSucceedsAndOfTheReverse() throws Exception {
    Run run = run("unplanned");
    List<UUID> ids = writeUsers(run, 3);
    sendAll(run.topic(), ids);
    change(run, "UPDATE outbox_events SET status = 'FAILED' WHERE id = '%s'", ids.get(0));
    send(run.deadLetters(), "any", ids.get(0), "{}");
    change(run, FAIL + " WHERE id = '%s'", ids.get(1));
    change(run, "UPDATE outbox_events SET status = 'PUBLISHED' WHERE id = '%s'", ids.get(1));

    assertEquals(
        List.of("2 events did not end as their handler was to end"), verdict(run).complaints(3));
  }

  @Test
  void complainsOfAKeyThatIsNotTheAggregate() throws Exception {
    Run run = run("key");
    List<UUID> ids = writeUsers(run, 2);
    send(run.topic(), "u0", ids.get(0), "{}");
    send(run.topic(), "u0", ids.get(1), "{}");

    assertEquals(
        List.of("1 events differ from their row, or are on a wrong topic"),
        verdict(run).complaints(2));
  }

  @Test
  void complainsOfRecordsAndEffectsInTheWrongOrder() throws Exception {
    Run run = run("order");
    List<UUID> ids = writeBookedOrders(run, 3);
    run.database().run("UPDATE outbox_events SET aggregate_type = 'order', aggregate_id = 'u0'");
    run.database().run("UPDATE bookings SET account = 'order u0', id = 100 - id");
    run.database().run("DELETE FROM balances");
    run.database().run("INSERT INTO balances VALUES ('order u0', 30)");
    send(run.topic(), "u0", ids.get(1), "{}");
    send(run.topic(), "u0", ids.get(0), "{}");
    send(run.topic(), "u0", ids.get(2), "{}");

    assertEquals(
        List.of(
            "1 events are on their topic before or apart from an earlier one",
            "2 effects took place before an earlier event's"),
        verdict(run).complaints(3));
  }
}
