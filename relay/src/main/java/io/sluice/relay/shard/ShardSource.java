package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * Where a shard is and how to log in.
 *
 * @param id the shard's name
 * @param host of its MySQL server
 * @param port of its MySQL server
 * @param database the schema that holds {@code outbox_events}
 * @param login the relay's account
 * @param serverId identifies the relay as a replica; unique among the server's replicas, and fixed,
 *     so that MySQL itself ends the binlog stream of a predecessor that is still connected
 * @param tls protection of the connection
 */
public record ShardSource(
    ShardId id, String host, int port, String database, Login login, long serverId, TlsMode tls) {

  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String SOCKET_TIMEOUT_MILLIS = "30000";

  /** An account. */
  public record Login(String username, Secret password) {}

  /** Opens a connection for the caller to close. */
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.username());
    properties.setProperty("password", login.password().value());
    properties.setProperty("sslMode", tls.name());
    // Without TLS, MySQL's default authentication needs the server's key to hide the password.
    properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(tls == TlsMode.DISABLED));
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("socketTimeout", SOCKET_TIMEOUT_MILLIS);
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/%s".formatted(host, port, database), properties);
  }

  /** Server and database, for messages. */
  public String address() {
    return host + ":" + port + "/" + database;
  }
}
