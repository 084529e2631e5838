package io.sluice.bench.publishers;

import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Sample;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A client that reads the binlog and decodes the rows, and does nothing with them. */
public final class RawBinlog implements Contender {

  private static final Duration BOUND = Duration.ofMinutes(10);

  private final Bench bench;
  private final RawBinlogMain.Settings settings;

  private RawBinlog(Bench bench, RawBinlogMain.Settings settings) {
    this.bench = bench;
    this.settings = settings;
  }

  /** A client for the next rows of a table. */
  public static RawBinlog next(Bench bench, Outbox outbox, long rows) throws SQLException {
    try (Connection connection = outbox.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW BINARY LOGS")) {
      String file = "";
      long position = 0;
      while (row.next()) {
        file = row.getString(1);
        position = row.getLong(2);
      }
      return new RawBinlog(
          bench,
          new RawBinlogMain.Settings(
              outbox.address().host(),
              outbox.address().port(),
              outbox.address().admin().user(),
              outbox.address().admin().password(),
              bench.nextServerId(),
              file,
              position,
              rows));
    }
  }

  @Override
  public String name() {
    return "Raw binlog client, decode only";
  }

  @Override
  public Sample run(int round) {
    try (ChildProcess process = bench.start("raw-binlog", RawBinlogMain.class, settings)) {
      return process.awaitSample(BOUND);
    }
  }
}
