package io.sluice.examples.downstream;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Sums up the orders of each symbol in its own database. Run by one thread. */
final class TurnoverReader {

  private static final String REMEMBER = "INSERT IGNORE INTO seen_events (id) VALUES (?)";
  private static final String ADD =
      """
      INSERT INTO turnover (symbol, amount) VALUES (?, ?) AS new
      ON DUPLICATE KEY UPDATE amount = turnover.amount + new.amount
      """;

  private final ObjectMapper json = new ObjectMapper();
  private final Consumer<String, byte[]> consumer;
  private final DataSource database;

  TurnoverReader(Map<String, Object> kafka, DataSource database) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put("group.id", "turnover"); // your own, never one of sluice.handlers
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "earliest");
    this.consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    this.database = database;
  }

  /** Reads until it is stopped or fails. Run a new reader to continue where it stopped. */
  void run(String topic) throws SQLException, IOException {
    try (consumer) {
      consumer.subscribe(List.of(topic));
      while (true) {
        for (ConsumerRecord<String, byte[]> event : consumer.poll(Duration.ofSeconds(1))) {
          if (header(event, "eventType").equals("order_placed")) {
            add(header(event, "id"), json.readTree(event.value()));
          }
        }
        consumer.commitSync();
      }
    } catch (WakeupException e) {
      return; // stopped
    }
  }

  /** Ends {@link #run}. Thread-safe. */
  void stop() {
    consumer.wakeup();
  }

  /** Effect and id are one transaction, so an event that comes again changes nothing. */
  private void add(String id, JsonNode order) throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement remember = connection.prepareStatement(REMEMBER);
          PreparedStatement add = connection.prepareStatement(ADD)) {
        remember.setString(1, id);
        if (remember.executeUpdate() == 1) {
          add.setString(1, order.required("symbol").textValue());
          add.setBigDecimal(2, order.required("amount").decimalValue());
          add.executeUpdate();
        }
        connection.commit();
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  private static String header(ConsumerRecord<String, byte[]> event, String name) {
    return new String(event.headers().lastHeader(name).value(), UTF_8);
  }
}
