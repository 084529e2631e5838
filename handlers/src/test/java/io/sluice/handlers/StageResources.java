package io.sluice.handlers;

import io.sluice.sandbox.junit.Sandbox;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Resources that the tests of a class share, because opening them takes long. */
final class StageResources implements AutoCloseable {

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(60);

  private final Sandbox sandbox;
  private final StageRows rows;
  private final Admin admin;
  private final Producer<byte[], byte[]> producer;

  StageResources(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    rows = StageRows.open(sandbox);
    String brokers = sandbox.kafka().bootstrapServers();
    admin = Admin.create(Map.of("bootstrap.servers", brokers));
    producer =
        new KafkaProducer<>(
            // One request at a time, because the broker may refuse the first request of a topic
            // that
            // was just created and accept the second one, after which it never accepts the first.
            Map.of(
                "bootstrap.servers",
                brokers,
                "linger.ms",
                0,
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  Sandbox sandbox() {
    return sandbox;
  }

  StageRows rows() {
    return rows;
  }

  Admin admin() {
    return admin;
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  @Override
  public void close() throws SQLException {
    producer.close(CLOSE_TIMEOUT);
    admin.close(CLOSE_TIMEOUT);
    rows.close();
  }
}
