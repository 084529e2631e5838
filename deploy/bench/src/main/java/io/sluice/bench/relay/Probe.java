package io.sluice.bench.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Outbox;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Finds out whether a publisher is running. */
final class Probe {

  private static final Duration BOUND = Duration.ofSeconds(90);

  private Probe() {}

  /** Writes events until the publisher has published one, and the last of them. */
  static void await(Outbox outbox, KafkaConsumer<byte[], byte[]> consumer, ChildProcess publisher)
      throws SQLException {
    long deadline = System.nanoTime() + BOUND.toNanos();
    Set<String> arrived = new HashSet<>();
    try (Connection connection = outbox.connect();
        Statement statement = connection.createStatement()) {
      String last = "";
      while (!arrived.contains(last)) {
        if (arrived.isEmpty()) {
          last = outbox.writeProbe(statement);
        }
        consumer.poll(Duration.ofMillis(200)).forEach(record -> arrived.add(id(record)));
        publisher.requireAlive();
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "the publisher has published nothing for %d s".formatted(BOUND.toSeconds()));
        }
      }
    }
  }

  /** The id of an event. A converter to JSON quotes it. */
  static String id(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.headers().lastHeader("id").value(), UTF_8).replace("\"", "");
  }
}
