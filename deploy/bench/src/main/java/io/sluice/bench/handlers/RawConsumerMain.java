package io.sluice.bench.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** What one writes without a library: poll, and update the rows. */
final class RawConsumerMain {

  private static final String UPDATE =
      "UPDATE outbox_events SET status = 'PUBLISHED', updated_at = UTC_TIMESTAMP(6),"
          + " published_at = UTC_TIMESTAMP(6) WHERE id IN (%s) AND status IN ('PENDING', 'RETRY')";

  private static final Duration POLL = Duration.ofMillis(100);

  private RawConsumerMain() {}

  /**
   * The settings.
   *
   * @param work what to do with the events
   * @param events how many events to read
   */
  record Settings(
      String bootstrapServers,
      List<String> topics,
      String group,
      RawConsumer.Work work,
      JdbcLogin login,
      long events) {}

  /** What is done with some records. */
  private interface Handling {
    void of(List<ConsumerRecord<byte[], byte[]>> records) throws SQLException;
  }

  public static void main(String[] arguments) throws SQLException {
    Settings settings = Bench.settings(arguments, Settings.class);
    Lap lap = new Lap(settings.events(), ChildProcess::ownCpuSeconds);
    if (settings.work() == RawConsumer.Work.NOTHING) {
      consume(settings, records -> {}, lap);
    } else {
      try (Connection connection = settings.login().connect();
          RowUpdate update = new RowUpdate(connection)) {
        consume(settings, update::of, lap);
      }
    }
    ChildProcess.report(lap.sample());
  }

  private static void consume(Settings settings, Handling handling, Lap lap) throws SQLException {
    int atOnce = settings.work() == RawConsumer.Work.UPDATE_EACH ? 1 : Integer.MAX_VALUE;
    long done = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        GroupConsumer.open(settings.bootstrapServers(), settings.group(), true)) {
      consumer.subscribe(settings.topics());
      while (!lap.isDone()) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer.poll(POLL).forEach(records::add);
        for (int i = 0; i < records.size() && !lap.isDone(); ) {
          int count = Math.min(atOnce, records.size() - i);
          handling.of(records.subList(i, i + count));
          i += count;
          done += count;
          lap.at(done);
        }
      }
    }
  }

  /** Updates the rows of some events by a statement, which autocommit makes a transaction. */
  private static final class RowUpdate implements AutoCloseable {
    private final Connection connection;
    private @Nullable PreparedStatement last;
    private int rows;

    RowUpdate(Connection connection) {
      this.connection = connection;
    }

    void of(List<ConsumerRecord<byte[], byte[]>> records) throws SQLException {
      PreparedStatement update = prepared(records.size());
      for (int i = 0; i < records.size(); i++) {
        byte[] id = records.get(i).headers().lastHeader("id").value();
        update.setString(i + 1, new String(id, UTF_8));
      }
      update.executeUpdate();
    }

    private PreparedStatement prepared(int count) throws SQLException {
      if (last == null || rows != count) {
        close();
        String marks = String.join(",", Collections.nCopies(count, "?"));
        last = connection.prepareStatement(UPDATE.formatted(marks));
        rows = count;
      }
      return last;
    }

    @Override
    public void close() throws SQLException {
      if (last != null) {
        last.close();
      }
    }
  }
}
