package io.sluice.sandbox.server;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.internal.mysql.MySqlWays;
import io.sluice.sandbox.server.internal.mysql.RunningMySql;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.ForeignControl;
import io.sluice.sandbox.server.process.ServerControl;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A real MySQL server: one named by the environment, one in a container, one of this machine, or
 * Debian's, whichever is there first.
 *
 * <p>A server started here has its binary log in row format with full images, global transaction
 * ids, and data of its own. It is gone, with its data, when it is closed or when this JVM ends in
 * whatever way. One that others started is never stopped.
 *
 * <pre>{@code
 * try (MySqlServer mysql = MySqlServer.start()) {
 *   try (Connection connection = mysql.connect()) { ... }
 *   mysql.kill();
 *   mysql.restart(); // same port, same data
 * }
 * }</pre>
 *
 * <p>Thread-safe. Whoever starts it closes it.
 */
public final class MySqlServer implements AutoCloseable {
  private final MySqlAddress address;
  private final String description;
  private final ServerControl control;

  private MySqlServer(MySqlAddress address, String description, ServerControl control) {
    this.address = address;
    this.description = description;
    this.control = control;
  }

  /** Gets a default server, ready for use; takes some seconds where it has to be started. */
  public static MySqlServer start() {
    return start(MySqlSettings.DEFAULT);
  }

  /** Gets a server with further settings, ready for use. */
  public static MySqlServer start(MySqlSettings settings) {
    return start(SandboxEnvironment.ofThisProcess(), settings);
  }

  static MySqlServer start(SandboxEnvironment environment, MySqlSettings settings) {
    RunningMySql running = MySqlWays.choose(environment, settings).start();
    MySqlAddress address = running.address();
    String description =
        "MySQL %s (%s) at %s:%d"
            .formatted(running.version(), running.how(), address.host(), address.port());
    return new MySqlServer(address, description, running.control());
  }

  /**
   * A server that runs already.
   *
   * @param description its version, how it was got and where it is, in a few words
   * @param owner who started it and what to do instead, as the end of a sentence
   */
  public static MySqlServer attach(MySqlAddress address, String description, String owner) {
    return new MySqlServer(address, description, new ForeignControl(owner));
  }

  public String host() {
    return address.host();
  }

  public int port() {
    return address.port();
  }

  /** Where it is, with the administrator's login. */
  public MySqlAddress address() {
    return address;
  }

  /** The JDBC URL without a database. */
  public String adminUrl() {
    return address.jdbcUrl("");
  }

  /** An account with every privilege, from any host. */
  public String adminUser() {
    return address.admin().user();
  }

  public String adminPassword() {
    return address.admin().password();
  }

  /** A new connection as the administrator without a database; the caller closes it. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(adminUrl(), adminUser(), adminPassword());
  }

  /** The files of its binary log. */
  public BinaryLog binaryLog() {
    return new BinaryLog(this);
  }

  /** Version, how it was got and where it is, for people. */
  public String description() {
    return description;
  }

  /** Whether this object started the server, so that it may be stopped, killed and restarted. */
  public boolean isOurs() {
    return control.isOurs();
  }

  /**
   * Shuts the server down in an orderly way and waits for its end; its data stays.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void stop() {
    control.stop();
  }

  /**
   * Kills the server (SIGKILL) and waits for its end; its data stays.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void kill() {
    control.kill();
  }

  /**
   * Starts the server on the same port and data, ready for use; stops it first where it runs.
   *
   * @throws UnsupportedOperationException where others started it
   */
  public void restart() {
    control.restart();
  }

  /** Ends the server and removes its data, where it is ours. Idempotent, bounded. */
  @Override
  public void close() {
    control.close();
  }
}
