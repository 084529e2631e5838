package io.sluice.examples.migrating;

import static io.sluice.examples.Queries.rows;
import static io.sluice.examples.Queries.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StoredEvent;
import io.sluice.repository.StoredRow;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the statements of {@code docs/migrating.md}. */
@SandboxTest
class MigratingIT {

  private static final Pattern SQL = Pattern.compile("(?s)```sql\n(.*?)```");
  private static final ShardId SHARD = ShardId.of("shard-1");

  /** A table as a polling outbox may have it. */
  private static final String OLD_TABLE =
      """
      CREATE TABLE outbox_events (id VARCHAR(36) PRIMARY KEY, event_type VARCHAR(100) NOT NULL,
        aggregate_id VARCHAR(100) NOT NULL, aggregate_type VARCHAR(100) NOT NULL,
        event_data JSON NOT NULL, status VARCHAR(20) NOT NULL DEFAULT 'pending',
        retry_count INT NOT NULL DEFAULT 0, max_retries INT NOT NULL DEFAULT 3,
        created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
        updated_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, published_at DATETIME NULL);
      """;

  private static List<String> statements() throws IOException {
    return SQL.matcher(Files.readString(Path.of("../migrating.md")))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String event(String table, String id, String type, String status) {
    return """
        INSERT INTO %s (id, event_type, aggregate_id, aggregate_type, event_data, status)
        VALUES ('%s', '%s', '42', 'order', '{"amount": 100.00}', '%s');
        """
        .formatted(table, id, type, status);
  }

  @Test
  void whatWaitsIsTakenAlong(Sandbox sandbox) throws Exception {
    Database database = sandbox.database("orders");
    List<String> statements = statements();
    assertEquals(3, statements.size());
    database.run(OLD_TABLE + event("outbox_events", "1", "order_created", "pending"));

    database.run(statements.get(0));
    useTheView(database);
    database.run(statements.get(1));
    database.run(
        OutboxTable.ddl()
            + ";"
            + event("polled_events", "3", "order_created", "published")
            + event("polled_events", "4", "order_created", "failed")
            + event("polled_events", "5", "message_sent", "pending"));
    database.run(statements.get(2));

    OutboxRepository repository =
        new OutboxRepository(ShardDataSources.of(Map.of(SHARD, database.dataSource())));
    List<StoredEvent> taken = repository.pending(SHARD, 10).stream().map(StoredRow::event).toList();
    assertEquals(List.of("1", "2"), taken.stream().map(event -> event.key().id()).toList());
    assertEquals("PORTFOLIO", taken.get(0).domain().name());
    assertEquals(0, taken.get(1).delivery().retryCount());
    assertEquals(3, rows(database, "polled_events"));
  }

  private static void useTheView(Database database) throws SQLException {
    database.run(
        event("polled_events", "2", "order_filled", "pending")
            + "START TRANSACTION;"
            + "SELECT id FROM polled_events WHERE status = 'pending' FOR UPDATE;"
            + "UPDATE polled_events SET status = 'retry', retry_count = 1 WHERE id = '2';"
            + event("polled_events", "0", "order_filled", "published")
            + "DELETE FROM polled_events WHERE id = '0';"
            + "COMMIT;");
    assertEquals("retry", value(database, "SELECT status FROM outbox_events WHERE id = '2'"));
  }
}
