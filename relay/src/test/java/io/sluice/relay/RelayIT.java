package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
@SandboxTest
class RelayIT {

  /** One shard for each test that can share a relay. */
  private static final int SHARDS = 7;

  private static final AtomicInteger NEXT_SHARD = new AtomicInteger();

  private static RelayFixture shared;
  private static Relay sharedRelay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    shared = new RelayFixture(sandbox, "shared", SHARDS);
    shared.provision();
    sharedRelay = RelayFixture.relay(shared.config());
    sharedRelay.start();
  }

  @AfterAll
  static void stopRelay() {
    sharedRelay.close();
  }

  @Test
  void aCommittedEventBecomesARecordOfTheDocumentedFormat() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    long before = System.currentTimeMillis();
    Instant moment = Instant.parse("2026-03-29T01:30:00.123456Z");
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
            .aggregate("order", "Größe-7")
            .json("{\"amount\":100.00}")
            .header("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .header("tenant", "Zoë 😀")
            .maxRetries(5)
            .createdAt(moment)
            .build();

    try (TopicReader topic = shared.reader(EventDomain.PORTFOLIO, shard)) {
      shared.write(shard, event);

      ConsumerRecord<String, byte[]> record = topic.await(1).get(0);
      assertEquals("Größe-7", record.key());
      assertEquals("{\"amount\":100.00}", TopicReader.text(record));
      assertTrue(record.timestamp() >= before, "a late record has the present time");
      Map<String, String> headers = new HashMap<>();
      record
          .headers()
          .forEach(
              header ->
                  headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
      String position = String.valueOf(headers.remove("outbox-position"));
      assertTrue(position.matches("[0-9a-f-]{36}:\\d+:1"), position);
      assertEquals(
          Map.of(
              "id", event.id().toString(),
              "eventType", "order_created",
              "aggregateType", "order",
              "aggregateId", "Größe-7",
              "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
              "tenant", "Zoë 😀",
              "outbox-domain", "PORTFOLIO",
              "outbox-shard", "s" + shard,
              "outbox-max-retries", "5",
              "outbox-created-at", "2026-03-29T01:30:00.123456Z"),
          headers);
    }
  }

  @Test
  void rolledBackEventsNeverReachKafka() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent kept = RelayFixture.chat("r", "{}");
    OutboxEvent last = RelayFixture.chat("r", "{}");

    try (TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      try (Connection connection = shared.connect(shard)) {
        shared.append(connection, RelayFixture.chat("r", "{}"));
        connection.rollback();
        shared.append(connection, kept);
        Savepoint savepoint = connection.setSavepoint();
        shared.append(connection, RelayFixture.chat("r", "{}"));
        connection.rollback(savepoint);
        connection.commit();
      }
      shared.write(shard, last);

      assertEquals(
          List.of(kept.id().toString(), last.id().toString()),
          TopicReader.ids(topic.awaitId(last.id())));
    }
  }

  @Test
  void payloadBytesArriveUnchanged() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    String large = "{\"text\":\"" + "0123456789abcde😀".repeat(1 << 16) + "\"}";
    List<String> payloads =
        List.of(
            "{\"b\":100.00,\"a\":1e2,  \"c\" : \"😀 Zoë \\u0041\"}",
            " [ 1 , 2.50 ,\n null ] ",
            "\"text\"",
            "0",
            large);
    assertTrue(large.getBytes(StandardCharsets.UTF_8).length > 1 << 20);

    try (TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      for (String payload : payloads) {
        shared.write(shard, RelayFixture.chat("r", payload));
      }

      List<ConsumerRecord<String, byte[]>> records = topic.await(payloads.size());
      for (int i = 0; i < payloads.size(); i++) {
        assertArrayEquals(payloads.get(i).getBytes(StandardCharsets.UTF_8), records.get(i).value());
      }
    }
  }

  @Test
  void updatesAndDeletesOfRowsAreNoEvents() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent first = RelayFixture.chat("r", "{}");
    OutboxEvent last = RelayFixture.chat("r", "{}");

    try (TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      shared.write(shard, first);
      shared.database(shard).run("UPDATE outbox_events SET status = 'PUBLISHED', retry_count = 1");
      shared.database(shard).run("DELETE FROM outbox_events");
      shared.write(shard, last);

      assertEquals(
          List.of(first.id().toString(), last.id().toString()),
          TopicReader.ids(topic.awaitId(last.id())));
    }
  }

  @Test
  void keepsCommitOrderWithinOneAggregate() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    shared.database(shard).run("CREATE TABLE counters (room INT PRIMARY KEY, last INT NOT NULL)");
    shared.database(shard).run("INSERT INTO counters VALUES (0, 0), (1, 0), (2, 0)");
    int writers = 4;
    int perWriter = 150;

    try (TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      writeConcurrently(shard, writers, perWriter);

      Map<String, Integer> last = new HashMap<>();
      for (ConsumerRecord<String, byte[]> record : topic.await(writers * perWriter)) {
        int expected = last.merge(record.key(), 1, Integer::sum);
        assertEquals(Integer.toString(expected), TopicReader.text(record), record.key());
      }
      assertEquals(3, last.size());
    }
  }

  /** Each event contains a number that its transaction took under a lock held until the commit. */
  private static void writeConcurrently(int shard, int writers, int perWriter) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        done.add(
            threads.submit(
                () -> {
                  try (Connection connection = shared.connect(shard)) {
                    for (int i = 0; i < perWriter; i++) {
                      writeNumbered(connection, i % 3);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> writer : done) {
        writer.get();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static void writeNumbered(Connection connection, int room) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE counters SET last = last + 1 WHERE room = " + room);
      try (ResultSet row =
          statement.executeQuery("SELECT last FROM counters WHERE room = " + room)) {
        row.next();
        shared.append(connection, RelayFixture.chat("room-" + room, row.getString(1)));
      }
      connection.commit();
    }
  }

  @Test
  void continuesWhereTheLastRelayStopped(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "resume", 2);
    fixture.provision();
    List<String> written = new ArrayList<>();

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      for (int run = 0; run < 2; run++) {
        for (int shard = 0; shard < 2; shard++) {
          OutboxEvent whileDown = RelayFixture.chat("r", "{}");
          fixture.write(shard, whileDown);
          written.add(whileDown.id().toString());
        }
        try (Relay relay = RelayFixture.relay(fixture.config())) {
          relay.start();
          topic.await(written.size());
        }
      }
      OutboxEvent last = RelayFixture.chat("r", "{}");
      fixture.write(0, last);
      written.add(last.id().toString());
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        List<String> ids = TopicReader.ids(topic.awaitId(last.id()));
        assertEquals(written.stream().sorted().toList(), ids.stream().sorted().toList());
      }
    }
  }

  @Test
  void aTopicThatRefusesOtherTimesThanThePresentGetsAllEvents(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "refused", 1);
    sandbox
        .topics()
        .create(
            "refused-event-chat",
            3,
            Map.of(
                "message.timestamp.before.max.ms", "3600000",
                "message.timestamp.after.max.ms", "60000"));
    fixture.provision();
    OutboxEvent late = createdAt(Instant.now().minus(2, ChronoUnit.DAYS));
    OutboxEvent ahead = createdAt(Instant.now().plus(2, ChronoUnit.DAYS));

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      fixture.write(0, late, ahead);
      assertEquals(
          List.of(late.id().toString(), ahead.id().toString()),
          TopicReader.ids(topic.awaitId(ahead.id())));
    }
  }

  private static OutboxEvent createdAt(Instant time) {
    return OutboxEvent.builder(EventDomain.CHAT, "message_sent")
        .aggregate("room", "r")
        .json("{}")
        .createdAt(time)
        .build();
  }

  @Test
  void theDocumentedRedriveSendsAFailedEventAgain() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent event = RelayFixture.chat("r", "{\"b\": 1, \"a\": 100.00}");

    try (TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      shared.write(shard, event);
      topic.await(1);
      shared.database(shard).run("UPDATE outbox_events SET status = 'FAILED', retry_count = 3");
      shared.database(shard).run(documentedRedrive().replace("…", event.id().toString()));

      ConsumerRecord<String, byte[]> again = topic.await(2).get(1);
      assertEquals(event.id().toString(), TopicReader.header(again, "id"));
      assertEquals("1", TopicReader.header(again, "outbox-redrive"));
      assertEquals("{\"b\": 1, \"a\": 100.00}", TopicReader.text(again));

      shared.database(shard).run("UPDATE outbox_events SET status = 'FAILED', retry_count = 3");
      shared.database(shard).run(documentedRedrive().replace("…", event.id().toString()));
      assertEquals("2", TopicReader.header(topic.await(3).get(2), "outbox-redrive"));
    }
  }

  private static String documentedRedrive() throws IOException {
    String page = Files.readString(Path.of("../docs/redrive.md"));
    int begin = page.indexOf("START TRANSACTION", page.indexOf("## By hand"));
    return page.substring(begin, page.indexOf("```", begin));
  }

  @Test
  void anAccountThatMayNotReplicateStopsItsShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "revoked", 1);
    fixture.provision();
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute(
          "REVOKE REPLICATION SLAVE ON *.* FROM '%s'@'%%'"
              .formatted(fixture.source(0).server().login().username()));
    }

    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();

      Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.STOPPED);
    }
  }

  @Test
  void allEngineThreadsAreInTheirThreadGroups() {
    Await.until(
        () -> Collections.frequency(sharedRelay.states().values(), ShardState.RUNNING) == SHARDS);

    Set<String> groups =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().matches("(blc|debezium|pool)-.*"))
            .map(thread -> String.valueOf(thread.getThreadGroup()))
            .collect(Collectors.toSet());
    assertEquals(SHARDS, groups.size(), groups.toString());
    groups.forEach(group -> assertTrue(group.contains("sluice-s"), group));
  }
}
