package io.sluice.relay.shard;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A MySQL server and how to log in.
 *
 * @param host name or address
 * @param port of the MySQL protocol
 * @param login the relay's account
 * @param serverId identifies the relay as a replica; unique among the server's replicas, and fixed,
 *     so that MySQL itself ends the binlog stream of a predecessor that is still connected
 * @param tls protection of the connection
 */
public record ShardServer(String host, int port, Login login, long serverId, TlsMode tls) {

  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String SOCKET_TIMEOUT_MILLIS = "30000";

  /** An account. */
  public record Login(String username, Secret password) {}

  /** Opens a connection to a database for the caller to close. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.username());
    properties.setProperty("password", login.password().value());
    properties.setProperty("sslMode", tls.name());
    // Without TLS, MySQL's default authentication needs the server's key to hide the password.
    properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(tls == TlsMode.DISABLED));
    // Else text arrives in the encoding of its column.
    properties.setProperty("characterSetResults", "UTF-8");
    // Else a time of zeros ends the reading of every row that is read with it.
    properties.setProperty("zeroDateTimeBehavior", "CONVERT_TO_NULL");
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("socketTimeout", SOCKET_TIMEOUT_MILLIS);
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/%s".formatted(host, port, database), properties);
  }

  /** The same account at another address, as after a failover. */
  public ShardServer at(String otherHost, int otherPort) {
    return new ShardServer(otherHost, otherPort, login, serverId, tls);
  }

  /** For messages. */
  public String address() {
    return host + ":" + port;
  }
}
