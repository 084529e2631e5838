package io.sluice.examples.writing;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.examples.tracing.TraceHeaders;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.EventKey;
import io.sluice.repository.InvalidRow;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.ShardResults;
import io.sluice.repository.StoredRow;
import io.sluice.writer.JacksonPayloadSerializer;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.OutboxWriterException;
import io.sluice.writer.TransactionException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Code of {@code docs/writing.md}, held to it by {@code GuidesTest}, run by {@link WritingIT}. */
final class WritingExamples {

  private static final String INSERT = "INSERT INTO orders (user_id, amount) VALUES (?, ?)";

  /** The payload of an order's events. */
  record Order(long id, String userId, BigDecimal amount) {}

  /** The client of another service. */
  interface Broker {
    CompletionStage<String> reserve(Connection connection, Order order);
  }

  OutboxEvent event(Order order) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", Long.toString(order.id()))
        .payload(order)
        .header("tenant", "eu")
        .maxRetries(5)
        .build();
  }

  OutboxWriter writer(ObjectMapper mapper) {
    return OutboxWriter.builder()
        .serializer(new JacksonPayloadSerializer(mapper))
        .headers(new TraceHeaders().and(event -> Map.of("region", "eu-1")))
        .maxEventBytes(1_000_000)
        .build();
  }

  void moveAll(OutboxWriter outbox, Connection connection, List<OutboxEvent> events)
      throws SQLException {
    try (Statement update = connection.createStatement()) {
      update.executeUpdate("UPDATE orders SET user_id = 'bob' WHERE user_id = 'ada'");
    }
    outbox.append(connection, events);
  }

  void cancel(OutboxService outbox, ShardId shard, Order order, OutboxEvent cancelled)
      throws SQLException {
    outbox.runInTransaction(shard, cancelled, connection -> delete(connection, order));
  }

  Order place(OutboxService outbox, ShardId shard, String userId, BigDecimal amount)
      throws SQLException {
    return outbox.publishInTransaction(
        shard,
        connection -> insert(connection, userId, amount), // the database generates its id
        order -> List.of(event(order)));
  }

  CompletionStage<String> reserve(
      OutboxService outbox, ShardId shard, Order order, Broker broker, Executor executor) {
    return outbox.publishAsync(
        shard, event(order), connection -> broker.reserve(connection, order), executor);
  }

  String placeOrSay(OutboxService outbox, ShardId shard, String userId, BigDecimal amount)
      throws SQLException {
    try {
      return "placed " + place(outbox, shard, userId, amount).id();
    } catch (OutboxWriterException e) {
      if (e instanceof TransactionException commit && commit.isOutcomeUnknown()) {
        return "outcome unknown: look for the order";
      }
      return (e.isTransient() ? "try again: " : "nothing written: ") + e.getMessage();
    }
  }

  List<String> failed(ShardDataSources shards) {
    OutboxRepository repository = new OutboxRepository(shards);
    ShardResults<List<StoredRow>> failed = repository.failed(100); // of each shard
    return failed.values().values().stream()
        .flatMap(List::stream)
        .map(row -> row.key() + " failed: " + why(row))
        .toList();
  }

  String why(StoredRow row) {
    return row instanceof InvalidRow invalid
        ? invalid.problem()
        : row.event().delivery().lastError().orElse("unknown");
  }

  String status(OutboxRepository repository, EventKey key) {
    return repository.find(key).map(row -> row.event().delivery().status().name()).orElse("gone");
  }

  private static void delete(Connection connection, Order order) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM orders WHERE id = ?")) {
      delete.setLong(1, order.id());
      delete.executeUpdate();
    }
  }

  private static Order insert(Connection connection, String userId, BigDecimal amount)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(INSERT, Statement.RETURN_GENERATED_KEYS)) {
      insert.setString(1, userId);
      insert.setBigDecimal(2, amount);
      insert.executeUpdate();
      try (ResultSet keys = insert.getGeneratedKeys()) {
        keys.next();
        return new Order(keys.getLong(1), userId, amount);
      }
    }
  }
}
