package io.sluice.sandbox.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The files a server's binary log consists of. Thread-safe.
 *
 * @param server the server
 */
public record BinaryLog(MySqlServer server) {

  /** The files' names, oldest first; the last one is written to. */
  public List<String> files() throws SQLException {
    List<String> files = new ArrayList<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
      while (row.next()) {
        files.add(row.getString(1));
      }
    }
    return files;
  }

  /** Begins a new file. */
  public void rotate() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("FLUSH BINARY LOGS");
    }
  }

  /**
   * Removes every file but the one that is written to; for nothing of the past to be left, {@link
   * #rotate} first. The server keeps files from the one on that a client is reading.
   */
  public void purge() throws SQLException {
    List<String> files = files();
    try (Connection connection = server.connect();
        PreparedStatement purge = connection.prepareStatement("PURGE BINARY LOGS TO ?")) {
      purge.setString(1, files.get(files.size() - 1));
      purge.execute();
    }
  }
}
