package io.sluice.handlers;

import io.sluice.outbox.OutboxEvent;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Row locks of other sessions. */
final class Locks {

  private Locks() {}

  /** Locks an event's row until the connection is rolled back. */
  static void lock(Connection connection, OutboxEvent event) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement lock =
        connection.prepareStatement("SELECT 1 FROM outbox_events WHERE id = ? FOR UPDATE")) {
      lock.setString(1, event.id().toString());
      lock.executeQuery();
    }
  }

  /** Whether a worker waits for a row lock in the first shard. */
  static boolean isWaitedFor(Stage stage) throws SQLException {
    return stage
            .rows()
            .count(
                """
            SELECT COUNT(*) FROM performance_schema.data_lock_waits w
            JOIN performance_schema.data_locks l
              ON l.engine_lock_id = w.requesting_engine_lock_id
            WHERE l.object_schema = '%s'
            """
                    .formatted(stage.rows().databaseName(Stage.ONE)))
        > 0;
  }
}
