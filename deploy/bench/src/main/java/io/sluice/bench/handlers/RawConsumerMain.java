package io.sluice.bench.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What one writes without a library: poll, and for each record nothing or an UPDATE. */
final class RawConsumerMain {

  private static final String UPDATE =
      "UPDATE outbox_events SET status = 'PUBLISHED', updated_at = UTC_TIMESTAMP(6),"
          + " published_at = UTC_TIMESTAMP(6) WHERE id = ? AND status IN ('PENDING', 'RETRY')";

  private RawConsumerMain() {}

  /**
   * The settings.
   *
   * @param updates whether to update the row of each event
   * @param events how many events to read
   */
  record Settings(
      String bootstrapServers,
      List<String> topics,
      String group,
      boolean updates,
      JdbcLogin login,
      long events) {}

  /** What is done with a record. */
  private interface Work {
    void on(ConsumerRecord<byte[], byte[]> record) throws SQLException;
  }

  public static void main(String[] arguments) throws SQLException {
    Settings settings = Bench.settings(arguments, Settings.class);
    if (!settings.updates()) {
      consume(settings, record -> {});
      return;
    }
    try (Connection connection = settings.login().connect();
        PreparedStatement update = connection.prepareStatement(UPDATE)) {
      consume(
          settings,
          record -> {
            update.setString(1, new String(record.headers().lastHeader("id").value(), UTF_8));
            update.executeUpdate();
          });
    }
  }

  private static void consume(Settings settings, Work work) throws SQLException {
    Lap lap = new Lap(settings.events(), ChildProcess::ownCpuSeconds);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                settings.bootstrapServers(),
                "group.id",
                settings.group(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.subscribe(settings.topics());
      long done = 0;
      while (!lap.isDone()) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          work.on(record);
          lap.at(++done);
        }
      }
      ChildProcess.report(lap.sample());
    }
  }
}
