package io.sluice.sandbox.server.api;

/**
 * The address of a MySQL server and the login of its administrator.
 *
 * @param host host name or address, an IPv6 address in brackets
 * @param port TCP port of the classic protocol
 * @param parameters connection parameters for every URL, without the question mark; may be empty
 * @param admin an account that may create databases and accounts
 */
public record MySqlAddress(String host, int port, String parameters, Login admin) {
  public MySqlAddress {
    if (host.isBlank()) {
      throw new IllegalArgumentException("host is blank");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + ", must be 1 to 65535");
    }
  }

  /** The JDBC URL of a database, or of no database if the name is empty. */
  public String jdbcUrl(String database) {
    String url = "jdbc:mysql://" + host + ":" + port + "/" + database;
    return parameters.isEmpty() ? url : url + "?" + parameters;
  }
}
