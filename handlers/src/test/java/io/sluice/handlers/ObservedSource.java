package io.sluice.handlers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** A data source that records the settings of sessions. */
final class ObservedSource extends TestDataSource {

  private final DataSource target;
  private final List<String> whileWriting = new CopyOnWriteArrayList<>();
  private final List<String> whenGivenBack = new CopyOnWriteArrayList<>();

  ObservedSource(DataSource target) {
    this.target = target;
  }

  List<String> whileWriting() {
    return List.copyOf(whileWriting);
  }

  List<String> whenGivenBack() {
    return List.copyOf(whenGivenBack);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = target.getConnection();
    return Overheard.connection(
        connection,
        (method, sql) -> {
          if (sql.startsWith("UPDATE")) {
            whileWriting.add(settings(connection));
          }
          if (method.equals("close")) {
            whenGivenBack.add(settings(connection));
          }
        });
  }

  private static String settings(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT CONCAT(@@SESSION.binlog_row_image, ' ',"
                    + " @@SESSION.innodb_lock_wait_timeout, ' autocommit ', @@SESSION.autocommit)")) {
      row.next();
      return row.getString(1);
    }
  }
}
