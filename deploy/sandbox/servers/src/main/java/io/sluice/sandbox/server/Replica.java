package io.sluice.sandbox.server;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.api.ServerControlException;
import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A second MySQL server that replicates a first one by global transaction ids, as the target of a
 * failover.
 *
 * <pre>{@code
 * try (MySqlServer primary = MySqlServer.start();
 *     Replica replica = Replica.of(primary)) {
 *   replica.awaitCaughtUp(Duration.ofSeconds(30));
 *   primary.kill();
 *   replica.promote();
 *   proxy.pointTo(replica.server().host(), replica.server().port());
 * }
 * }</pre>
 *
 * <p>The replica has server id 2, writes replicated transactions to its binary log, and is
 * read-only until it is promoted. It applies everything in the binary logs of the primary,
 * including accounts. The administrator's account is not replicated, because each server has its
 * own.
 *
 * <p>The replica must reach the primary at the address that this machine uses, so neither can be a
 * container.
 *
 * <p>Thread-safe. The caller closes it before the primary.
 */
public final class Replica implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private static final String FOLLOW =
      """
      CHANGE REPLICATION SOURCE TO SOURCE_HOST = ?, SOURCE_PORT = ?, SOURCE_USER = ?,
          SOURCE_PASSWORD = ?, SOURCE_AUTO_POSITION = 1, GET_SOURCE_PUBLIC_KEY = 1,
          SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 100000
      """;

  private static final String IS_CONNECTED =
      """
      SELECT service_state = 'ON' FROM performance_schema.replication_connection_status
      """;

  /** Errors of the connection, the coordinator and the workers. */
  private static final String ERRORS =
      """
      SELECT last_error_message FROM performance_schema.replication_connection_status
      UNION ALL SELECT last_error_message
          FROM performance_schema.replication_applier_status_by_coordinator
      UNION ALL SELECT last_error_message
          FROM performance_schema.replication_applier_status_by_worker
      """;

  private final MySqlServer primary;
  private final MySqlServer server;

  private Replica(MySqlServer primary, MySqlServer server) {
    this.primary = primary;
    this.server = server;
  }

  /** Starts a server that replicates the primary, and waits until it is connected. */
  public static Replica of(MySqlServer primary) {
    MySqlServer server = MySqlServer.start(MySqlSettings.withArguments("--server-id=2"));
    try {
      Replica replica = new Replica(primary, server);
      replica.follow();
      return replica;
    } catch (SQLException | RuntimeException e) {
      ServerStartException failure =
          new ServerStartException(
              server.description() + " cannot follow " + primary.description(), e);
      closeAfter(failure, server);
      throw failure;
    }
  }

  /** The server, which may be stopped, killed and restarted. This object closes it. */
  public MySqlServer server() {
    return server;
  }

  /**
   * Waits until the replica has applied everything that the primary has committed at the time of
   * the call.
   *
   * @throws ServerControlException if the replica has not caught up within the bound
   */
  public void awaitCaughtUp(Duration bound) throws SQLException {
    String committed = committedByPrimary();
    try (Connection connection = server.connect();
        PreparedStatement wait =
            connection.prepareStatement("SELECT WAIT_FOR_EXECUTED_GTID_SET(?, ?)")) {
      wait.setString(1, committed);
      wait.setDouble(2, bound.toMillis() / 1000.0);
      try (ResultSet row = wait.executeQuery()) {
        row.next();
        if (row.getInt(1) != 0) {
          throw new ServerControlException(
              "The replica has not applied %s within %s. It says: %s"
                  .formatted(committed, bound, errors(connection)));
        }
      }
    }
  }

  /** Stops replication after the transactions that are being applied. */
  public void stopReplication() throws SQLException {
    run("STOP REPLICA");
  }

  /** Resumes replication where it stopped. */
  public void startReplication() throws SQLException {
    run("START REPLICA");
  }

  /**
   * Makes the replica a primary, which stops replicating and accepts writes. Transactions that it
   * has not applied are lost, as in a failover. To lose none, call {@link #awaitCaughtUp} first.
   */
  public void promote() throws SQLException {
    run("STOP REPLICA");
    run("RESET REPLICA ALL");
    run("SET PERSIST super_read_only = OFF");
    run("SET PERSIST read_only = OFF");
  }

  /** Ends the server and removes its data. Idempotent, bounded. */
  @Override
  public void close() {
    server.close();
  }

  private void follow() throws SQLException {
    // Persist the setting, so that the server is still read-only after a restart.
    run("SET PERSIST super_read_only = ON");
    try (Connection connection = server.connect();
        PreparedStatement follow = connection.prepareStatement(FOLLOW)) {
      follow.setString(1, primary.host());
      follow.setInt(2, primary.port());
      follow.setString(3, primary.adminUser());
      follow.setString(4, primary.adminPassword());
      follow.execute();
    }
    startReplication();
    awaitConnected();
  }

  private void awaitConnected() throws SQLException {
    try (Connection connection = server.connect()) {
      if (!Await.until(START, () -> isConnected(connection))) {
        throw new ServerStartException(
            "It is not connected after %s. It says: %s. Where both are containers, set %s to another way."
                .formatted(START, errors(connection), SandboxEnvironment.MYSQL_WAY));
      }
    }
  }

  private static boolean isConnected(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(IS_CONNECTED)) {
      return row.next() && row.getBoolean(1);
    } catch (SQLException e) {
      throw new ServerStartException("The replica does not report whether it is connected", e);
    }
  }

  private static List<String> errors(Connection connection) throws SQLException {
    List<String> errors = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ERRORS)) {
      while (row.next()) {
        errors.add(row.getString(1));
      }
    }
    errors.removeIf(String::isEmpty);
    return errors;
  }

  private String committedByPrimary() throws SQLException {
    try (Connection connection = primary.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@gtid_executed")) {
      row.next();
      return row.getString(1).replace("\n", "");
    }
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void closeAfter(RuntimeException failure, MySqlServer server) {
    try {
      server.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
