package io.sluice.bench.publishers;

import io.sluice.bench.events.Arrivals;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.ChildProcess;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Finds out whether a publisher is running. */
public final class Probe {

  private static final Duration BOUND = Duration.ofSeconds(90);

  private Probe() {}

  /** Writes events until the publisher has published one, and the last of them. */
  public static void await(
      Outbox outbox, KafkaConsumer<byte[], byte[]> consumer, ChildProcess publisher)
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
        consumer.poll(Duration.ofMillis(200)).forEach(record -> arrived.add(Arrivals.id(record)));
        publisher.requireAlive();
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "the publisher has published nothing for %d s".formatted(BOUND.toSeconds()));
        }
      }
    }
  }
}
