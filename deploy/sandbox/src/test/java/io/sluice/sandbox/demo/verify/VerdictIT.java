package io.sluice.sandbox.demo.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.setup.BusinessTables;
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
import org.junit.jupiter.api.Test;

/** The sandbox's verdict can be a bad one. */
@SandboxTest
class VerdictIT {

  private final Sandbox sandbox;

  VerdictIT(Sandbox sandbox) {
    this.sandbox = sandbox;
  }

  /** A shard with this many committed users, each with its event; gives the events' ids. */
  private List<UUID> write(Database database, int users) throws SQLException {
    database.run(OutboxTable.ddl());
    for (String ddl : BusinessTables.ddl()) {
      database.run(ddl);
    }
    List<OutboxEvent> events =
        IntStream.range(0, users)
            .mapToObj(
                n ->
                    OutboxEvent.builder(EventDomain.NOTIFICATION, "user_registered")
                        .aggregate("user", "u" + n)
                        .json("{}")
                        .build())
            .toList();
    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      new OutboxWriter().append(connection, events);
      connection.commit();
    }
    database.run("INSERT INTO users SELECT UUID(), id, 'e', 'n' FROM outbox_events");
    database.run("UPDATE outbox_events SET status = 'PUBLISHED'");
    return events.stream().map(OutboxEvent::id).toList();
  }

  private void send(String topic, UUID id, String payload) throws Exception {
    Map<String, Object> kafka = Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(kafka, new StringSerializer(), new StringSerializer())) {
      ProducerRecord<String, String> record = new ProducerRecord<>(topic, "k", payload);
      record.headers().add(RecordHeaders.ID, id.toString().getBytes(StandardCharsets.UTF_8));
      producer.send(record).get();
    }
  }

  private Verdict verdict(Database database, String topic) throws SQLException {
    try (TopicObserver topics =
        TopicObserver.open(sandbox.kafka().bootstrapServers(), List.of(topic))) {
      return Verdict.reach(
          new OutboxTables(
              database.dataSource(),
              List.of(ShardId.of(database.name())),
              new TopicTemplate(topic.replace("notification", "${domain}"))),
          topics);
    }
  }

  @Test
  void isGoodWhenEveryEventIsThereOnce() throws Exception {
    Database database = sandbox.database("good");
    String topic = sandbox.topics().create("good-notification", 2);
    for (UUID id : write(database, 3)) {
      send(topic, id, "{}");
    }

    Verdict verdict = verdict(database, topic);

    assertEquals(List.of(), verdict.complaints(3));
    assertEquals(
        "sandbox: written=3 relayed=3 published=3 failed=0 lost=0 duplicated=0", verdict.line());
  }

  @Test
  void countsWhatIsLostDoubledUnknownTornAndUnsettled() throws Exception {
    Database database = sandbox.database("bad");
    String topic = sandbox.topics().create("bad-notification", 2);
    List<UUID> ids = write(database, 4);
    send(topic, ids.get(0), "{}");
    send(topic, ids.get(0), "{}");
    send(topic, ids.get(1), "{ }");
    send(topic, UUID.randomUUID(), "{}");
    database.run("DELETE FROM users WHERE event_id = '%s'".formatted(ids.get(2)));
    database.run("INSERT INTO users VALUES (UUID(), UUID(), 'e', 'n')");
    database.run("UPDATE outbox_events SET status = 'RETRY' WHERE id = '%s'".formatted(ids.get(3)));

    Verdict verdict = verdict(database, topic);

    assertEquals(
        "sandbox: written=4 relayed=2 published=3 failed=0 lost=2 duplicated=1", verdict.line());
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
}
