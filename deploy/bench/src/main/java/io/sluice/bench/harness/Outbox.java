package io.sluice.bench.harness;

import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A database with an outbox table, and the events that were written to it. */
public final class Outbox implements AutoCloseable {

  /** The domains of the events, which take turns. */
  public static final List<String> DOMAINS =
      List.of("CHAT", "PORTFOLIO", "MARKET", "NOTIFICATION", "SIGNAL");

  /** How many aggregates take turns, unless a measurement needs another number. */
  public static final int AGGREGATES = 10_000;

  private static final String ID = "018f0000-0000-7000-8000-";

  private static final String PROBE = "018f0000-0000-7000-9000-";

  private static final String INSERT =
      "INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,"
          + " event_data, created_at, updated_at) VALUES ";

  /** So many rows are sent to the server at once, whatever their transactions. */
  private static final int ROWS_PER_REQUEST = 200;

  private static final long BYTES_PER_REQUEST = 4_000_000;

  private final MySqlServer server;
  private final String database;
  private final List<String> domains;
  private final int aggregates;
  private long rows;
  private long probes;

  private Outbox(MySqlServer server, String database, List<String> domains, int aggregates) {
    this.server = server;
    this.database = database;
    this.domains = domains;
    this.aggregates = aggregates;
  }

  /** Creates the database with its table, for events of all domains. */
  public static Outbox create(Bench bench, String name) throws SQLException {
    return create(bench, name, DOMAINS, AGGREGATES);
  }

  /** Creates the database with its table, for events of these domains and so many aggregates. */
  public static Outbox create(Bench bench, String name, List<String> domains, int aggregates)
      throws SQLException {
    MySqlServer server = bench.servers().mysql();
    String database = bench.uniqueName(name).replace('-', '_');
    Outbox outbox = new Outbox(server, database, domains, aggregates);
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
      statement.execute("USE " + database);
      statement.execute(OutboxTable.ddl());
    }
    return outbox;
  }

  public String database() {
    return database;
  }

  /** The address of the server, with its administrator. */
  public MySqlAddress address() {
    return server.address();
  }

  /** The domains of its events. */
  public List<String> domains() {
    return domains;
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
   * Writes events. Meanwhile the server does not wait for its disk, since only the time to read
   * them is measured.
   */
  public void write(long count, Shape shape) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      String durable = durability(statement);
      statement.execute(
          "SET GLOBAL sync_binlog = 0; SET GLOBAL innodb_flush_log_at_trx_commit = 0");
      try {
        write(statement, count, shape);
      } finally {
        statement.execute(durable);
      }
    }
  }

  private static String durability(Statement statement) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT @@GLOBAL.sync_binlog, @@GLOBAL.innodb_flush_log_at_trx_commit")) {
      row.next();
      return "SET GLOBAL sync_binlog = %d; SET GLOBAL innodb_flush_log_at_trx_commit = %d"
          .formatted(row.getInt(1), row.getInt(2));
    }
  }

  private void write(Statement statement, long count, Shape shape) throws SQLException {
    String payload = payload(shape);
    long end = rows + count;
    long inTransaction = 0;
    StringBuilder sql = new StringBuilder();
    int inRequest = 0;
    while (rows < end) {
      if (inTransaction == 0) {
        sql.append("BEGIN;");
      }
      int inStatement =
          (int)
              Math.min(
                  shape.rowsPerStatement(),
                  Math.min(shape.rowsPerTransaction() - inTransaction, end - rows));
      insert(sql, inStatement, payload);
      inTransaction += inStatement;
      inRequest += inStatement;
      if (inTransaction >= shape.rowsPerTransaction() || rows == end) {
        sql.append("COMMIT;");
        inTransaction = 0;
      }
      if (inRequest >= ROWS_PER_REQUEST || sql.length() > BYTES_PER_REQUEST || rows == end) {
        executeAll(statement, sql.toString());
        sql.setLength(0);
        inRequest = 0;
      }
    }
  }

  private static String payload(Shape shape) {
    return "{\"text\":\"" + "x".repeat(shape.payloadBytes() - 11) + "\"}";
  }

  /** The id of an event by its number, which counts from 0. */
  public static String id(long number) {
    String digits = Long.toString(number);
    return ID + "0".repeat(12 - digits.length()) + digits;
  }

  /** Writes an event that shows whether a publisher is running. */
  public String writeProbe(Statement statement) throws SQLException {
    String id = PROBE + id(probes++).substring(ID.length());
    StringBuilder sql = new StringBuilder(INSERT);
    values(sql, id, domains.get(0), 0, "{}");
    statement.executeUpdate(sql.toString());
    return id;
  }

  /** Writes the next event in a transaction of its own, durably, on a connection in autocommit. */
  public static void writeOne(Statement statement, long number, Shape shape) throws SQLException {
    StringBuilder sql = new StringBuilder(INSERT);
    String domain = DOMAINS.get((int) (number % DOMAINS.size()));
    values(sql, id(number), domain, number % AGGREGATES, payload(shape));
    statement.executeUpdate(sql.toString());
  }

  /** The failure of a later statement is reported with its result. */
  private static void executeAll(Statement statement, String sql) throws SQLException {
    boolean isResult = statement.execute(sql);
    while (isResult || statement.getUpdateCount() >= 0) {
      isResult = statement.getMoreResults();
    }
  }

  private void insert(StringBuilder sql, int count, String payload) {
    sql.append(INSERT);
    for (int i = 0; i < count; i++, rows++) {
      sql.append(i == 0 ? "" : ",");
      values(sql, id(rows), domains.get((int) (rows % domains.size())), rows % aggregates, payload);
    }
    sql.append(';');
  }

  private static void values(
      StringBuilder sql, String id, String domain, long aggregate, String payload) {
    sql.append("('")
        .append(id)
        .append("','")
        .append(domain)
        .append("','order_created','order','")
        .append(aggregate)
        .append("','")
        .append(payload)
        .append("',UTC_TIMESTAMP(6),UTC_TIMESTAMP(6))");
  }

  /** Makes all events PENDING again. */
  public void reset() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE outbox_events SET status = 'PENDING', retry_count = 0, last_error = NULL,"
              + " published_at = NULL WHERE status <> 'PENDING'");
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
