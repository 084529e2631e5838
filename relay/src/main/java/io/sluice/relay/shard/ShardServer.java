package io.sluice.relay.shard;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A MySQL server and the account that connects to it.
 *
 * @param host host name or IP address
 * @param port port of the MySQL protocol
 * @param login account of the relay
 * @param serverId replica id of the relay; unique among the replicas of the server. It is the same
 *     for all relays, so that MySQL itself ends the binlog stream of a predecessor that is still
 *     connected
 * @param tls how the connection is protected
 */
public record ShardServer(String host, int port, Login login, long serverId, TlsMode tls) {

  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String SOCKET_TIMEOUT_MILLIS = "30000";

  /** A MySQL account. */
  public record Login(String username, Secret password) {}

  /** The way to a server, without the replica id, in which shards of the same server differ. */
  public record Endpoint(String host, int port, Login login, TlsMode tls) {}

  /** Shards with the same endpoint share what one of them has read of its server. */
  public Endpoint endpoint() {
    return new Endpoint(host, port, login, tls);
  }

  /** Opens a connection to a database. The caller closes it. */
  public Connection connect(String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", login.username());
    properties.setProperty("password", login.password().value());
    properties.setProperty("sslMode", tls.name());
    // Without TLS, the default authentication encrypts the password with the server's public key.
    properties.setProperty("allowPublicKeyRetrieval", Boolean.toString(tls == TlsMode.DISABLED));
    // Otherwise TIMESTAMP columns are shown in the server's time zone.
    properties.setProperty("connectionTimeZone", "UTC");
    properties.setProperty("forceConnectionTimeZoneToSession", "true");
    // Otherwise text arrives in the encoding of its column.
    properties.setProperty("characterSetResults", "UTF-8");
    // Otherwise ids may be padded or texts be cut, by the server's own mode.
    properties.setProperty("sessionVariables", "sql_mode='STRICT_TRANS_TABLES'");
    // Otherwise a zero date in one row fails the read of all rows of the result.
    properties.setProperty("zeroDateTimeBehavior", "CONVERT_TO_NULL");
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_MILLIS);
    properties.setProperty("socketTimeout", SOCKET_TIMEOUT_MILLIS);
    return DriverManager.getConnection(
        "jdbc:mysql://%s:%d/%s".formatted(host, port, database), properties);
  }

  /** Returns the same account at another address, for example after a failover. */
  public ShardServer at(String otherHost, int otherPort) {
    return new ShardServer(otherHost, otherPort, login, serverId, tls);
  }

  /** Host and port, for messages. */
  public String address() {
    return host + ":" + port;
  }
}
