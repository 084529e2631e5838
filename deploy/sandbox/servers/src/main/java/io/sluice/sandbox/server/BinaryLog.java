package io.sluice.sandbox.server;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The binary log files of a server. Thread-safe.
 *
 * @param server the server
 */
public record BinaryLog(MySqlServer server) {

  /** The names of the files, oldest first. The server writes to the last one. */
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

  /** Starts a new file. */
  public void rotate() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("FLUSH BINARY LOGS");
    }
  }

  /**
   * Removes every file except the current one. To remove all past events, call {@link #rotate}
   * first. The server keeps files that a client is still reading, and later ones.
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
