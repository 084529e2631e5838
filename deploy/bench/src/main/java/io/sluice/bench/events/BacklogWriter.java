package io.sluice.bench.events;

import java.sql.SQLException;
import java.sql.Statement;

/** Writes many events in the transactions and statements of a shape, with few requests. */
final class BacklogWriter {

  /** So many rows are sent to the server at once, whatever their transactions. */
  private static final int ROWS_PER_REQUEST = 200;

  private static final long BYTES_PER_REQUEST = 4_000_000;

  private final Statement statement;
  private final EventSeries series;
  private final Shape shape;
  private final String payload;

  private final StringBuilder request = new StringBuilder();
  private int inRequest;
  private int inTransaction;

  /**
   * @param statement of a connection that allows several statements in a request
   */
  BacklogWriter(Statement statement, EventSeries series, Shape shape) {
    this.statement = statement;
    this.series = series;
    this.shape = shape;
    this.payload = shape.payload();
  }

  /** Writes the events with these numbers. */
  void write(long first, long end) throws SQLException {
    long number = first;
    while (number < end) {
      if (inTransaction == 0) {
        request.append("BEGIN;");
      }
      int count = (int) Math.min(rowsOfStatement(), end - number);
      series.appendInsert(request, number, count, payload);
      request.append(';');
      number += count;
      inRequest += count;
      inTransaction += count;
      if (inTransaction >= shape.rowsPerTransaction() || number == end) {
        request.append("COMMIT;");
        inTransaction = 0;
      }
      if (isFull() || number == end) {
        send();
      }
    }
  }

  private int rowsOfStatement() {
    return Math.min(shape.rowsPerStatement(), shape.rowsPerTransaction() - inTransaction);
  }

  private boolean isFull() {
    return inRequest >= ROWS_PER_REQUEST || request.length() > BYTES_PER_REQUEST;
  }

  /** The failure of a later statement is reported with its result. */
  private void send() throws SQLException {
    boolean isResult = statement.execute(request.toString());
    while (isResult || statement.getUpdateCount() >= 0) {
      isResult = statement.getMoreResults();
    }
    request.setLength(0);
    inRequest = 0;
  }
}
