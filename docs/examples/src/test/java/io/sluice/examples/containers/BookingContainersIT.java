package io.sluice.examples.containers;

import static io.sluice.examples.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mysql.cj.jdbc.MysqlDataSource;
import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mysql.MySQLContainer;

/** Code of {@code docs/testing.md}, held to it by {@link ContainersDocumentTest}. */
@Tag("containers")
class BookingContainersIT {

  static final ShardId SHARD = ShardId.of("shard-1");
  static final MySQLContainer MYSQL = new MySQLContainer("mysql:9.7");
  static final KafkaContainer KAFKA =
      new KafkaContainer("apache/kafka:4.3.1").withStartupTimeout(Duration.ofMinutes(3));

  @BeforeAll
  static void startContainers() throws Exception {
    assumeTrue(DockerClientFactory.instance().isDockerAvailable(), "no Docker engine answers");
    MYSQL.start();
    KAFKA.start();
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(OutboxTable.ddl());
      statement.execute("CREATE TABLE bookings (order_id VARCHAR(36) PRIMARY KEY, text TEXT)");
    }
    try (Admin admin = Admin.create(kafka())) { // in production the relay creates the topics
      String topic = TopicTemplate.DEFAULT.topic(EventDomain.PORTFOLIO);
      NewTopic events = new NewTopic(topic, 1, (short) 1);
      NewTopic deadLetters = new NewTopic(topic + ".dlq", 1, (short) 1);
      admin.createTopics(List.of(events, deadLetters)).all().get();
    }
  }

  @AfterAll
  static void stopContainers() {
    KAFKA.stop();
    MYSQL.stop();
  }

  static Map<String, Object> kafka() {
    return Map.of("bootstrap.servers", KAFKA.getBootstrapServers());
  }

  static DataSource database() {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(MYSQL.getJdbcUrl());
    source.setUser(MYSQL.getUsername());
    source.setPassword(MYSQL.getPassword());
    return source;
  }

  static String query(String sql) throws SQLException {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** What the service under test does: its own tables and the event in one transaction. */
  static void placeOrder() throws SQLException {
    OutboxEvent placed =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_placed")
            .aggregate("order", "42")
            .json("{\"amount\": 7.5}")
            .build();
    try (Connection connection = database().getConnection()) {
      connection.setAutoCommit(false);
      new OutboxWriter().append(connection, placed);
      connection.commit();
    }
  }

  /** The handler under test. */
  static void book(HandledEvent event, Connection connection) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO bookings VALUES (?, ?)")) {
      insert.setString(1, event.aggregateId());
      insert.setString(2, event.payload());
      insert.executeUpdate();
    }
  }

  @Test
  void anOrderIsBookedWhenItsEventArrives() throws Exception {
    placeOrder();
    assertEquals("PENDING", query("SELECT status FROM outbox_events"));
    try (HandlerRuntime worker =
        HandlerRuntime.builder()
            .kafka(kafka())
            .shards(ShardDataSources.of(Map.of(SHARD, database())))
            .transactionalHandler(EventDomain.PORTFOLIO, "order_placed", BookingContainersIT::book)
            .unhandled(Unhandled.FAIL)
            .build()) {
      worker.start();
      relayAll();
      until(
          "the event is handled",
          () -> query("SELECT status FROM outbox_events").equals("PUBLISHED"));
    }
    assertEquals("42 {\"amount\": 7.5}", query("SELECT CONCAT(order_id, ' ', text) FROM bookings"));
  }

  /** Stands in for the relay: sends the rows of the table as docs/records.md describes. */
  static void relayAll() throws Exception {
    try (Connection connection = database().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM outbox_events ORDER BY id");
        Producer<String, String> producer =
            new KafkaProducer<>(kafka(), new StringSerializer(), new StringSerializer())) {
      while (row.next()) {
        producer.send(record(row)).get();
      }
    }
  }

  static ProducerRecord<String, String> record(ResultSet row) throws SQLException {
    EventDomain domain = EventDomain.of(row.getString(OutboxTable.DOMAIN));
    ProducerRecord<String, String> record =
        new ProducerRecord<>(
            TopicTemplate.DEFAULT.topic(domain),
            row.getString(OutboxTable.AGGREGATE_ID),
            row.getString(OutboxTable.EVENT_DATA));
    Map.of(
            RecordHeaders.ID, row.getString(OutboxTable.ID),
            RecordHeaders.EVENT_TYPE, row.getString(OutboxTable.EVENT_TYPE),
            RecordHeaders.AGGREGATE_TYPE, row.getString(OutboxTable.AGGREGATE_TYPE),
            RecordHeaders.AGGREGATE_ID, row.getString(OutboxTable.AGGREGATE_ID),
            RecordHeaders.DOMAIN, domain.name(),
            RecordHeaders.SHARD, SHARD.value(),
            RecordHeaders.MAX_RETRIES, row.getString(OutboxTable.MAX_RETRIES),
            RecordHeaders.POSITION, "00000000-0000-0000-0000-000000000000:1:1")
        .forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
    return record;
  }
}
