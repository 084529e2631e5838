package io.sluice.handlers;

import static io.sluice.handlers.Until.until;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * The databases of two shards. Writes rows as a business service does, and reads them for tests.
 * Statements of tests share a connection for each shard.
 */
final class StageRows implements AutoCloseable {

  private final Map<ShardId, Database> databases;
  private final Map<ShardId, Account> workers = new TreeMap<>();
  private final Map<ShardId, Connection> connections = new TreeMap<>();
  private final Connection administrator;

  private StageRows(Sandbox sandbox, Map<ShardId, Database> databases) throws SQLException {
    this.databases = databases;
    administrator = sandbox.mysql().connect();
    for (Map.Entry<ShardId, Database> shard : databases.entrySet()) {
      Database database = shard.getValue();
      workers.put(shard.getKey(), worker(sandbox, database));
      connections.put(shard.getKey(), database.connect());
    }
  }

  static StageRows open(Sandbox sandbox) throws SQLException {
    Map<ShardId, Database> databases =
        Map.of(Stage.ONE, sandbox.database("one"), Stage.TWO, sandbox.database("two"));
    for (Database database : databases.values()) {
      database.run(OutboxTable.ddl());
      // Without a unique key, so that effects that were applied twice are visible.
      database.run("CREATE TABLE effects (event CHAR(36) NOT NULL)");
    }
    return new StageRows(sandbox, databases);
  }

  // A worker itself needs only the first grant. Its handlers need the second.
  private static Account worker(Sandbox sandbox, Database database) {
    return sandbox.account(
        "worker",
        "SELECT, UPDATE ON `%s`.outbox_events".formatted(database.name()),
        "SELECT, INSERT ON `%s`.effects".formatted(database.name()));
  }

  /** Data sources of all shards with the workers' accounts. */
  ShardDataSources workerSources() {
    return ShardDataSources.of(
        Map.of(Stage.ONE, workerSource(Stage.ONE), Stage.TWO, workerSource(Stage.TWO)));
  }

  /** A data source of a shard with the worker's account. */
  DataSource workerSource(ShardId shard) {
    return source(workerLogin(shard), shard);
  }

  Account workerLogin(ShardId shard) {
    return Objects.requireNonNull(workers.get(shard), shard::value);
  }

  /** A data source of a shard with this account. */
  DataSource source(Account account, ShardId shard) {
    Database database = database(shard);
    return new TestDataSource() {
      @Override
      public Connection getConnection() throws SQLException {
        return account.connect(database);
      }
    };
  }

  private Database database(ShardId shard) {
    return Objects.requireNonNull(databases.get(shard), shard::value);
  }

  String databaseName(ShardId shard) {
    return database(shard).name();
  }

  /** Opens a connection of the business service. The test closes it. */
  Connection connect(ShardId shard) throws SQLException {
    return database(shard).connect();
  }

  private Connection shared(ShardId shard) {
    return Objects.requireNonNull(connections.get(shard), shard::value);
  }

  void write(ShardId shard, OutboxEvent event) throws SQLException {
    write(shard, List.of(event));
  }

  /** Writes the rows of these events in one transaction. */
  void write(ShardId shard, List<OutboxEvent> events) throws SQLException {
    Connection connection = shared(shard);
    connection.setAutoCommit(false);
    new OutboxWriter().append(connection, events);
    connection.commit();
    connection.setAutoCommit(true);
  }

  Row row(OutboxEvent event) throws SQLException {
    return row(Stage.ONE, event);
  }

  Row row(ShardId shard, OutboxEvent event) throws SQLException {
    return Row.read(shared(shard), event.id());
  }

  void awaitStatus(OutboxEvent event, OutboxStatus status) throws Exception {
    until(status + " of " + event.eventType(), () -> row(event).status() == status);
  }

  void execute(ShardId shard, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = shared(shard).prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Runs a statement as the server's administrator; {@code %1$s} is the first shard's database. */
  void administer(String sql) throws SQLException {
    try (Statement statement = administrator.createStatement()) {
      statement.execute(sql.formatted(databaseName(Stage.ONE)));
    }
  }

  /**
   * Runs a query as the server's administrator.
   *
   * @return the number in the only row of the result
   */
  long count(String query) throws SQLException {
    try (Statement select = administrator.createStatement();
        ResultSet result = select.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** The number of committed effects of a handler for this event in the first shard. */
  long effects(OutboxEvent event) throws SQLException {
    return count(
        "SELECT COUNT(*) FROM `%s`.effects WHERE event = '%s'"
            .formatted(databaseName(Stage.ONE), event.id()));
  }

  /** The number of open transactions that have written effects in the first shard. */
  long uncommittedEffects() throws SQLException {
    // Not innodb_trx, a copy that is not refreshed while it is read repeatedly.
    return count(
        """
        SELECT COUNT(*) FROM performance_schema.data_locks
        WHERE object_schema = '%s' AND object_name = 'effects'
          AND lock_type = 'TABLE' AND lock_mode = 'IX'
        """
            .formatted(databaseName(Stage.ONE)));
  }

  /** The GTID of a transaction that the servers have executed. */
  String executedTransaction() throws SQLException {
    try (Statement statement = administrator.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@server_uuid")) {
      row.next();
      return row.getString(1) + ":1";
    }
  }

  @Override
  public void close() throws SQLException {
    administrator.close();
    for (Connection connection : connections.values()) {
      connection.close();
    }
  }
}
