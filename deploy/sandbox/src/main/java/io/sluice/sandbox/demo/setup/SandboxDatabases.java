package io.sluice.sandbox.demo.setup;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.server.MySqlServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The demo's databases, {@code global} and {@code shard-1} onwards, with an account for each role
 * that has only the privileges the role needs.
 */
public final class SandboxDatabases implements AutoCloseable {

  /** Account of the trading back end. */
  public static final String WRITER = "sluice_writer";

  /** Account of the relay. */
  public static final String RELAY = "sluice_relay";

  /** Account of the handler workers. */
  public static final String HANDLER = "sluice_handler";

  /** One connection for the watch, one for the killer. */
  private static final int ADMIN_CONNECTIONS = 2;

  private final MySqlServer mysql;
  private final List<ShardId> shards;
  private final Map<String, String> passwords = new TreeMap<>();

  private SandboxDatabases(MySqlServer mysql, List<ShardId> shards) {
    this.mysql = mysql;
    this.shards = List.copyOf(shards);
    for (String account : List.of(WRITER, RELAY, HANDLER)) {
      passwords.put(account, UUID.randomUUID().toString());
    }
  }

  /**
   * Creates databases, tables and accounts.
   *
   * @param numbered number of shards, without the global one
   * @throws IllegalStateException if a database of that name exists
   */
  public static SandboxDatabases create(MySqlServer mysql, int numbered) throws SQLException {
    List<ShardId> shards = new ArrayList<>(List.of(ShardId.GLOBAL));
    for (int i = 1; i <= numbered; i++) {
      shards.add(ShardId.of("shard-" + i));
    }
    SandboxDatabases databases = new SandboxDatabases(mysql, shards);
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      databases.refuseExisting(statement);
      databases.create(statement);
    }
    return databases;
  }

  private void create(Statement statement) throws SQLException {
    try {
      createAccounts(statement);
      for (ShardId shard : shards) {
        createDatabase(statement, shard);
      }
    } catch (SQLException e) {
      try {
        close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  private void refuseExisting(Statement statement) throws SQLException {
    try (ResultSet names = statement.executeQuery("SHOW DATABASES")) {
      while (names.next()) {
        String name = names.getString(1);
        if (shards.stream().anyMatch(shard -> shard.value().equals(name))) {
          throw new IllegalStateException(
              "database '%s' is on %s already: the sandbox does not touch what it did not make;"
                      .formatted(name, mysql.description())
                  + " drop it or name another server");
        }
      }
    }
  }

  private void createAccounts(Statement statement) throws SQLException {
    for (Map.Entry<String, String> account : passwords.entrySet()) {
      statement.execute(
          "CREATE USER %s@'%%' IDENTIFIED BY '%s'".formatted(account.getKey(), account.getValue()));
    }
    statement.execute("GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO " + RELAY);
  }

  private void createDatabase(Statement statement, ShardId shard) throws SQLException {
    String database = quoted(shard);
    statement.execute("CREATE DATABASE " + database);
    statement.execute("USE " + database);
    statement.execute(OutboxTable.ddl());
    for (String ddl : BusinessTables.ddl()) {
      statement.execute(ddl);
    }
    for (String ddl : BookingTables.ddl()) {
      statement.execute(ddl);
    }
    grant(statement, database);
  }

  private static void grant(Statement statement, String database) throws SQLException {
    statement.execute("GRANT SELECT, INSERT, UPDATE ON %s.* TO %s".formatted(database, WRITER));
    statement.execute(
        "GRANT SELECT, UPDATE, DELETE ON %s.outbox_events TO %s".formatted(database, RELAY));
    statement.execute(
        "GRANT SELECT, UPDATE ON %s.outbox_events TO %s".formatted(database, HANDLER));
    statement.execute("GRANT INSERT ON %s.bookings TO %s".formatted(database, HANDLER));
    statement.execute(
        "GRANT SELECT, INSERT, UPDATE ON %s.balances TO %s".formatted(database, HANDLER));
  }

  private static String quoted(ShardId shard) {
    return "`" + shard + "`";
  }

  public List<ShardId> shards() {
    return shards;
  }

  public MySqlServer mysql() {
    return mysql;
  }

  /** The password of an account. */
  public String password(String account) {
    return passwords.getOrDefault(account, "");
  }

  /** The settings of a process that uses this account. */
  public SandboxSettings settings(String bootstrapServers, String account) {
    Map<ShardId, String> urls = new TreeMap<>();
    shards.forEach(shard -> urls.put(shard, mysql.address().jdbcUrl(shard.value())));
    return new SandboxSettings(bootstrapServers, account, password(account), urls);
  }

  /** A pool of connections of the administrator, who sees all shards. The caller closes it. */
  public HikariDataSource administrator() {
    return ShardPools.pool(mysql.adminUrl(), mysql.address().admin(), ADMIN_CONNECTIONS);
  }

  /**
   * Drops databases and accounts, unless this run started the server, which is then removed with
   * its data.
   */
  @Override
  public void close() throws SQLException {
    if (mysql.isOurs()) {
      return;
    }
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      for (ShardId shard : shards) {
        statement.execute("DROP DATABASE IF EXISTS " + quoted(shard));
      }
      for (String account : passwords.keySet()) {
        statement.execute("DROP USER IF EXISTS " + account);
      }
    }
  }
}
