package io.sluice.bench.events;

import io.sluice.bench.harness.Bench;
import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database with an outbox table, and the events that were written to it. */
public final class Outbox implements AutoCloseable {

  private final MySqlServer server;
  private final String database;
  private final EventSeries series;
  private long rows;
  private long probes;

  private Outbox(MySqlServer server, String database, EventSeries series) {
    this.server = server;
    this.database = database;
    this.series = series;
  }

  /** Creates the database with its table, for the usual events. */
  public static Outbox create(Bench bench, String name) throws SQLException {
    return create(bench, name, EventSeries.USUAL);
  }

  /** Creates the database with its table. */
  public static Outbox create(Bench bench, String name, EventSeries series) throws SQLException {
    MySqlServer server = bench.servers().mysql();
    String database = bench.uniqueName(name).replace('-', '_');
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
      statement.execute("USE " + database);
      statement.execute(OutboxTable.ddl());
    }
    return new Outbox(server, database, series);
  }

  public String database() {
    return database;
  }

  /** The address of the server, with its administrator. */
  public MySqlAddress address() {
    return server.address();
  }

  public EventSeries series() {
    return series;
  }

  /** How many rows were written. */
  public long rows() {
    return rows;
  }

  /** Opens a connection to the database. */
  public Connection connect() throws SQLException {
    String url = address().jdbcUrl(database);
    return DriverManager.getConnection(
        url + (url.contains("?") ? "&" : "?") + "allowMultiQueries=true",
        address().admin().user(),
        address().admin().password());
  }

  /**
   * Writes events. Meanwhile a server of this run does not wait for its disk, since only the time
   * to read them is measured.
   */
  public void write(long count, Shape shape) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      String durable = server.isOurs() ? durability(statement) : "DO 0";
      if (server.isOurs()) {
        statement.execute(
            "SET GLOBAL sync_binlog = 0; SET GLOBAL innodb_flush_log_at_trx_commit = 0");
      }
      try {
        long first = series.first() + rows;
        new BacklogWriter(statement, series, shape).write(first, first + count);
        rows += count;
      } finally {
        statement.execute(durable);
      }
    }
  }

  /** The statements that make the server as durable as it is now. */
  private static String durability(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT @@GLOBAL.sync_binlog, @@GLOBAL.innodb_flush_log_at_trx_commit")) {
      row.next();
      return "SET GLOBAL sync_binlog = %d; SET GLOBAL innodb_flush_log_at_trx_commit = %d"
          .formatted(row.getInt(1), row.getInt(2));
    }
  }

  /** Writes an event that shows whether a publisher is running. */
  public String writeProbe(Statement statement) throws SQLException {
    String id = EventId.ofProbe(probes++);
    statement.executeUpdate(series.insertOfProbe(id));
    return id;
  }

  /** Keeps a copy of the rows for {@link #restore}. */
  public void keep() throws SQLException {
    withoutBinlog("CREATE TABLE kept LIKE outbox_events", copy("kept", "outbox_events"));
  }

  /**
   * Makes the table as it was at {@link #keep}, whatever a contender has done to it: a new file
   * with the same rows, and nothing left for the server to purge. The binlog does not show it.
   */
  public void restore() throws SQLException, InterruptedException {
    withoutBinlog("TRUNCATE TABLE outbox_events", copy("outbox_events", "kept"));
    Purge.await(server);
  }

  private static String copy(String target, String source) {
    return "INSERT INTO %s SELECT * FROM %s".formatted(target, source);
  }

  private void withoutBinlog(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET sql_log_bin = 0");
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** Deletes all events. */
  public void clear() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM outbox_events");
    }
  }

  /** How many events are PUBLISHED. */
  public long published() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COUNT(*) FROM outbox_events WHERE status = 'PUBLISHED'")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** Drops the database. */
  @Override
  public void close() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE " + database);
    }
  }
}
