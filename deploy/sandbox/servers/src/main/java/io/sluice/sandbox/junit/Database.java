package io.sluice.sandbox.junit;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.sql.DataSource;

/**
 * A database of a test class, dropped after the class. Its account has every privilege on it and
 * none elsewhere.
 *
 * @param name the name of the database on the server
 * @param account the account with all privileges on this database
 */
public record Database(String name, Account account) {

  public String jdbcUrl() {
    return account.server().jdbcUrl(name);
  }

  public String user() {
    return account.user();
  }

  public String password() {
    return account.password();
  }

  /** Opens a connection. The caller closes it. */
  public Connection connect() throws SQLException {
    return account.connect(this);
  }

  /** A source of new connections, without a pool. */
  public DataSource dataSource() {
    MysqlDataSource source = new MysqlDataSource();
    source.setUrl(jdbcUrl());
    source.setUser(user());
    source.setPassword(password());
    return source;
  }

  /** Runs statements separated by semicolons in a new connection. */
  public void run(String script) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user());
    properties.setProperty("password", password());
    properties.setProperty("allowMultiQueries", "true");
    try (Connection connection = DriverManager.getConnection(jdbcUrl(), properties);
        Statement statement = connection.createStatement()) {
      statement.execute(script);
      while (statement.getMoreResults() || statement.getUpdateCount() != -1) {
        // The driver throws the error of a later statement when its result is read.
      }
    }
  }
}
