package io.sluice.examples.writing;

import static io.sluice.examples.Queries.rows;
import static io.sluice.examples.Queries.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.examples.writing.WritingExamples.Order;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.EventKey;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StatusChange;
import io.sluice.repository.StoredEvent;
import io.sluice.routing.KeyRanges;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class WritingIT {

  private static final ShardId SHARD = ShardId.of("shard-1");

  private final WritingExamples examples = new WritingExamples();
  private final Database database;
  private final ShardDataSources shards;
  private final OutboxRepository repository;
  private final OutboxWriter writer = examples.writer(new ObjectMapper());
  private final OutboxService service;

  WritingIT(Sandbox sandbox) {
    database = sandbox.database("orders");
    shards = ShardDataSources.of(Map.of(SHARD, database.dataSource()));
    repository = new OutboxRepository(shards);
    service = new OutboxService(shards, writer);
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    database.run(
        "DROP TABLE IF EXISTS orders, outbox_events;"
            + OutboxTable.ddl()
            + "; CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY,"
            + " user_id VARCHAR(36) NOT NULL, amount DECIMAL(12, 2) NOT NULL)");
  }

  @Test
  void theIdThatTheDatabaseGaveIsInTheEvent() throws SQLException {
    Order order = examples.place(service, SHARD, "ada", new BigDecimal("100.00"));

    StoredEvent event = repository.pending(SHARD, 10).get(0).event();
    assertEquals(Long.toString(order.id()), event.aggregateId());
    assertEquals("{\"id\":1,\"userId\":\"ada\",\"amount\":100.00}", event.payloadText());
    assertEquals(Map.of("region", "eu-1", "tenant", "eu"), event.headers().values());
    assertEquals(5, event.delivery().maxRetries());
    assertEquals("PENDING", examples.status(repository, event.key()));
    assertEquals("gone", examples.status(repository, new EventKey(SHARD, "nothing")));
    repository.updateStatus(event.key(), StatusChange.to(OutboxStatus.FAILED).withLastError("e"));
    assertEquals(List.of(event.key() + " failed: e"), examples.failed(shards));
  }

  @Test
  void workWithoutAResultIsOneTransactionWithItsEvent() throws SQLException {
    Order order = examples.place(service, SHARD, "ada", BigDecimal.TEN);

    examples.cancel(service, SHARD, order, examples.event(order));

    assertEquals(0, rows(database, "orders"));
    assertEquals(2, rows(database, "outbox_events"));
  }

  @Test
  void aBatchIsOneTransaction() throws SQLException {
    Order order = examples.place(service, SHARD, "ada", BigDecimal.TEN);
    List<OutboxEvent> events = List.of(examples.event(order), examples.event(order));

    try (Connection connection = database.connect()) {
      connection.setAutoCommit(false);
      examples.moveAll(writer, connection, events);
      connection.rollback();
      assertEquals(1, rows(database, "outbox_events"));
      examples.moveAll(writer, connection, events);
      connection.commit();
    }

    assertEquals(3, rows(database, "outbox_events"));
    assertEquals("bob", value(database, "SELECT user_id FROM orders"));
  }

  @Test
  void asynchronousWorkIsRolledBackWithItsEvent() throws Exception {
    Order order = new Order(7, "ada", BigDecimal.ONE);

    String reserved =
        examples
            .reserve(
                service,
                SHARD,
                order,
                (connection, any) -> CompletableFuture.completedFuture("reserved"),
                Runnable::run)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    CompletableFuture<String> refused =
        examples
            .reserve(
                service,
                SHARD,
                order,
                (connection, any) ->
                    CompletableFuture.failedFuture(new IllegalStateException("refused")),
                Runnable::run)
            .toCompletableFuture();

    assertEquals("reserved", reserved);
    assertTrue(refused.isCompletedExceptionally());
    assertEquals(1, rows(database, "outbox_events"));
  }

  @Test
  void errorsTellWhetherAnythingWasWritten() throws SQLException {
    database.run("DROP TABLE outbox_events");

    String said = examples.placeOrSay(service, SHARD, "ada", BigDecimal.ONE);

    assertTrue(said.startsWith("nothing written: 1 event(s), the first "), said);
    assertEquals(0, rows(database, "orders"));
  }

  @Test
  void aNewShardGetsNothingUnlessToldSo() {
    KeyRanges ranges = KeyRanges.parse("0-32767=shard-1, 32768-65535=shard-2");
    ShardId shard = ranges.shard("ada"); // the shard of this user
    KeyRanges later = ranges.moved(49152, 65535, ShardId.of("shard-3"));

    assertEquals(ShardId.of("shard-2"), shard);
    assertEquals("0-32767=shard-1,32768-49151=shard-2,49152-65535=shard-3", later.toString());
    assertEquals(ShardId.of("shard-3"), later.shard("ada"));
  }
}
