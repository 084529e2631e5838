package io.sluice.bench.publishers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.harness.Bench;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Locks a batch of pending rows by the index, sends them, marks them by one statement, and commits.
 * Waits only when there are no rows. One poller keeps the order.
 */
final class PollerMain {

  private static final int BATCH = 1_000;
  private static final long IDLE_MILLIS = 50;

  private static final String SELECT =
      "SELECT id, domain, event_type, aggregate_type, aggregate_id, event_data FROM outbox_events"
          + " WHERE status = 'PENDING' AND published_at IS NULL ORDER BY id LIMIT "
          + BATCH
          + " FOR UPDATE SKIP LOCKED";

  private static final String UPDATE =
      "UPDATE outbox_events SET status = 'PUBLISHED', updated_at = UTC_TIMESTAMP(6),"
          + " published_at = UTC_TIMESTAMP(6) WHERE id IN (%s)";

  private final Connection connection;
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topicPrefix;

  private PollerMain(
      Connection connection, KafkaProducer<byte[], byte[]> producer, String topicPrefix) {
    this.connection = connection;
    this.producer = producer;
    this.topicPrefix = topicPrefix;
  }

  /**
   * The settings.
   *
   * @param topicPrefix what the names of the topics begin with, before a point and the domain
   */
  record Settings(
      String bootstrapServers, String topicPrefix, String jdbcUrl, String user, String password) {}

  /** Runs until SIGTERM. */
  public static void main(String[] arguments) throws Exception {
    Settings settings = Bench.settings(arguments, Settings.class);
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", settings.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      PollerMain poller = new PollerMain(connection, producer, settings.topicPrefix());
      while (true) {
        if (!poller.publish()) {
          Thread.sleep(IDLE_MILLIS);
        }
      }
    }
  }

  /**
   * Publishes a batch.
   *
   * @return whether there were rows
   */
  private boolean publish() throws SQLException, InterruptedException, ExecutionException {
    List<String> ids = new ArrayList<>();
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(SELECT);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        ids.add(row.getString(1));
        sent.add(producer.send(record(row)));
      }
    }
    for (Future<RecordMetadata> future : sent) {
      future.get();
    }
    if (!ids.isEmpty()) {
      mark(ids);
    }
    connection.commit();
    return !ids.isEmpty();
  }

  private ProducerRecord<byte[], byte[]> record(ResultSet row) throws SQLException {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topicPrefix + "." + row.getString(2), row.getBytes(5), row.getBytes(6));
    record.headers().add("id", row.getString(1).getBytes(UTF_8));
    record.headers().add("eventType", row.getString(3).getBytes(UTF_8));
    record.headers().add("aggregateType", row.getString(4).getBytes(UTF_8));
    return record;
  }

  private void mark(List<String> ids) throws SQLException {
    String marks = String.join(",", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement update = connection.prepareStatement(UPDATE.formatted(marks))) {
      for (int i = 0; i < ids.size(); i++) {
        update.setString(i + 1, ids.get(i));
      }
      update.executeUpdate();
    }
  }
}
