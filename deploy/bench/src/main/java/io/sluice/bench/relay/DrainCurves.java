package io.sluice.bench.relay;

import io.sluice.bench.events.EventId;
import io.sluice.bench.events.EventSeries;
import io.sluice.bench.events.Outbox;
import io.sluice.bench.events.Shape;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.CurveMeasurement;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Result;
import io.sluice.bench.harness.Sample;
import io.sluice.bench.publishers.RelayPublisher;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** How the relay's cost of an event changes with what grows in production. */
public final class DrainCurves {

  /** A row a statement, 100 a transaction. */
  private static final Shape USUAL = Shape.of(1, 100);

  private static final int ROWS = 200_000;
  private static final int QUICK_ROWS = 20_000;

  private DrainCurves() {}

  /** All of them. */
  public static List<Measurement> all() {
    return List.of(
        perEvent(
            "curve-backlog",
            "rows of backlog",
            List.of(100_000, 1_000_000, 5_000_000),
            List.of(QUICK_ROWS, 2 * QUICK_ROWS),
            (bench, rows) -> drain(bench, rows, USUAL)),
        new CurveMeasurement(
            "curve-row-size",
            "Drain by the relay, the same bytes of payloads in all",
            "bytes of a payload",
            "KiB",
            bytes -> bytes / 1024.0,
            List.of(200, 1_000, 10_000, 100_000, 1_000_000),
            List.of(200, 10_000),
            (bench, bytes) ->
                drain(
                    bench,
                    Math.min(ROWS, bench.options().scaled(100_000_000, 2_000_000) / bytes),
                    new Shape(1, 100, bytes))),
        perEvent(
            "curve-transaction",
            "rows a transaction",
            List.of(1, 10, 100, 1_000, 10_000, 100_000, 1_000_000),
            List.of(1, 1_000),
            (bench, rows) ->
                drain(
                    bench,
                    Math.max(bench.options().scaled(ROWS, QUICK_ROWS), rows),
                    Shape.of(1, rows))),
        perEvent(
            "curve-shards",
            "shards, an engine each",
            List.of(1, 2, 4, 8, 16, 32, 64),
            List.of(1, 3),
            DrainCurves::shards),
        perEvent(
            "curve-foreign",
            "% of the binlog's rows are those of another table",
            List.of(0, 50, 80, 95),
            List.of(0, 80),
            DrainCurves::foreign),
        perEvent(
            "curve-gtids",
            "intervals in the GTID set",
            List.of(1, 10, 100, 1_000, 10_000),
            List.of(1, 100),
            DrainCurves::gtids));
  }

  private static Measurement perEvent(
      String name,
      String axis,
      List<Integer> full,
      List<Integer> quick,
      CurveMeasurement.Place place) {
    return new CurveMeasurement(
        name, "Drain by the relay", axis, "event", x -> 1, full, quick, place);
  }

  /** Writes rows between the preparation of the relay and its start. */
  private interface Backlog {
    void write() throws SQLException;
  }

  private static List<Sample> drain(Bench bench, int rows, Shape shape) throws Exception {
    try (Outbox outbox = outbox(bench, EventSeries.USUAL)) {
      return drain(
          bench, RelayPublisher.ours(bench, outbox), rows, () -> outbox.write(rows, shape));
    }
  }

  private static Outbox outbox(Bench bench, EventSeries series) throws SQLException {
    return Outbox.create(bench, "curve-" + bench.nextServerId(), series);
  }

  private static List<Sample> drain(Bench bench, RelayPublisher relay, int rows, Backlog backlog)
      throws Exception {
    relay.prepare(1);
    backlog.write();
    List<Result> results = bench.runOnce(List.of(new PublisherDrain("Sluice", relay, rows)));
    return results.get(0).samples();
  }

  /** Each transaction of the outbox follows one of another table, in the same database. */
  private static List<Sample> foreign(Bench bench, int percent) throws Exception {
    int rows = bench.options().scaled(ROWS / 2, QUICK_ROWS);
    try (Outbox outbox = outbox(bench, EventSeries.USUAL);
        Connection connection = outbox.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE other LIKE outbox_events");
      return drain(
          bench,
          RelayPublisher.ours(bench, outbox),
          rows,
          () -> {
            int batch = 1_000;
            for (int written = 0; written < rows; written += batch) {
              outbox.write(batch, USUAL);
              copy(statement, outbox, batch, batch * percent / (100 - percent));
            }
          });
    }
  }

  private static void copy(Statement statement, Outbox outbox, int batch, int count)
      throws SQLException {
    for (int left = count; left > 0; left -= batch) {
      statement.execute("TRUNCATE TABLE other");
      statement.execute(
          "INSERT INTO other SELECT * FROM outbox_events WHERE id >= '%s' LIMIT %d"
              .formatted(EventId.of(outbox.rows() - batch), Math.min(left, batch)));
    }
  }

  /**
   * Leaves gaps in the server's GTIDs.
   *
   * @throws IllegalStateException if the server is not that of this run, since they stay
   */
  private static List<Sample> gtids(Bench bench, int intervals) throws Exception {
    if (!bench.servers().mysql().isOurs()) {
      throw new IllegalStateException(
          "curve-gtids needs a MySQL that this run starts: unset SLUICE_SANDBOX_MYSQL_URL");
    }
    int rows = bench.options().scaled(ROWS, QUICK_ROWS);
    try (Outbox outbox = outbox(bench, EventSeries.USUAL);
        Connection connection = outbox.connect();
        Statement statement = connection.createStatement()) {
      try (ResultSet uuid = statement.executeQuery("SELECT UUID()")) {
        uuid.next();
        String source = uuid.getString(1);
        for (int i = 0; i < intervals; i++) {
          statement.execute("SET gtid_next = '%s:%d'".formatted(source, 1 + 2 * i));
          statement.execute("COMMIT");
        }
      }
      statement.execute("SET gtid_next = 'AUTOMATIC'");
      return drain(
          bench, RelayPublisher.ours(bench, outbox), rows, () -> outbox.write(rows, USUAL));
    }
  }

  /** The same rows in equal parts, unless these are so small that the starts would be measured. */
  private static List<Sample> shards(Bench bench, int count) throws Exception {
    int each = Math.max(QUICK_ROWS, bench.options().scaled(ROWS, QUICK_ROWS) / count);
    List<Outbox> shards = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        shards.add(outbox(bench, EventSeries.USUAL.from((long) i * each)));
      }
      return drain(
          bench,
          RelayPublisher.ours(bench, shards.toArray(Outbox[]::new)),
          each * count,
          () -> {
            for (Outbox shard : shards) {
              shard.write(each, USUAL);
            }
          });
    } finally {
      for (Outbox shard : shards) {
        shard.close();
      }
    }
  }
}
