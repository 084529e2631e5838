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
 * A real MySQL server. The first one available is used: named by the environment, in a container,
 * installed on this machine, or from Debian's packages.
 *
 * <p>A server that this class starts has a binary log in row format with full images, global
 * transaction ids, and a new data folder. The server is stopped and its data removed when it is
 * closed or when this JVM ends. If this JVM is killed and Ryuk is disabled, a container remains. A
 * server named by the environment is never stopped.
 *
 * <pre>{@code
 * try (MySqlServer mysql = MySqlServer.start()) {
 *   try (Connection connection = mysql.connect()) { ... }
 *   mysql.kill();
 *   mysql.restart(); // same port, same data
 * }
 * }</pre>
 *
 * <p>Thread-safe. The caller that starts it closes it.
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

  /** Starts or finds a default server and waits until it is ready. */
  public static MySqlServer start() {
    return start(MySqlSettings.DEFAULT);
  }

  /** Starts or finds a server with further settings and waits until it is ready. */
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
   * Attaches to a server that was started elsewhere.
   *
   * @param description its version, origin and address, in a few words
   * @param owner the end of the error message for control operations: who started the server and
   *     what to do instead
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

  /** The address of the server, with the administrator's login. */
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

  /** Opens a connection as the administrator, without a database. The caller closes it. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(adminUrl(), adminUser(), adminPassword());
  }

  /** The files of the server's binary log. */
  public BinaryLog binaryLog() {
    return new BinaryLog(this);
  }

  /** Version, origin and address, for output. */
  public String description() {
    return description;
  }

  /** Whether this object started the server, so that it may be stopped, killed and restarted. */
  public boolean isOurs() {
    return control.isOurs();
  }

  /**
   * Shuts the server down in an orderly way and waits until it has ended. Its data is kept.
   *
   * @throws UnsupportedOperationException if the server was started elsewhere
   */
  public void stop() {
    control.stop();
  }

  /**
   * Kills the server (SIGKILL) and waits until it has ended. Its data is kept.
   *
   * @throws UnsupportedOperationException if the server was started elsewhere
   */
  public void kill() {
    control.kill();
  }

  /**
   * Starts the server with the same port and data, and waits until it is ready. Stops it first if
   * it runs.
   *
   * @throws UnsupportedOperationException if the server was started elsewhere
   */
  public void restart() {
    control.restart();
  }

  /** Ends the server and removes its data, if this object started it. Idempotent, bounded. */
  @Override
  public void close() {
    control.close();
  }
}
