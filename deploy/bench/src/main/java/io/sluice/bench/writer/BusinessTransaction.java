package io.sluice.bench.writer;

import io.sluice.bench.events.Outbox;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Contender;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** What an event costs the transaction that writes it. */
public final class BusinessTransaction implements Measurement {

  private static final int TRANSACTIONS = 20_000;
  private static final int QUICK_TRANSACTIONS = 1_000;

  @Override
  public String name() {
    return "business-transaction";
  }

  @Override
  public Findings run(Bench bench) throws Exception {
    int count = bench.options().scaled(TRANSACTIONS, QUICK_TRANSACTIONS);
    try (Outbox outbox = Outbox.create(bench, name())) {
      outbox.keep();
      return new Findings(
          name(),
          "A business transaction of two statements with one event, and without, %,d on one connection"
              .formatted(count),
          Metric.RATE,
          bench.compare(
              () -> renew(outbox),
              List.of(
                  new Transactions(bench, outbox, true, count),
                  new Transactions(bench, outbox, false, count))));
    }
  }

  /** Every lap begins with new tables. */
  private static void renew(Outbox outbox) throws SQLException, InterruptedException {
    try (Connection connection = outbox.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS orders, accounts");
      statement.execute(
          "CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, account INT NOT NULL,"
              + " text VARCHAR(255) NOT NULL, KEY (account))");
      statement.execute(
          "CREATE TABLE accounts (id INT PRIMARY KEY, orders BIGINT NOT NULL DEFAULT 0)");
      statement.execute(
          "INSERT INTO accounts (id) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1"
              + " FROM n WHERE i < 999) SELECT i FROM n");
    }
    outbox.restore();
  }

  private record Transactions(Bench bench, Outbox outbox, boolean isWithEvent, int count)
      implements Contender {

    private static final Duration BOUND = Duration.ofMinutes(10);

    @Override
    public String name() {
      return isWithEvent ? "With one event" : "Without an event";
    }

    @Override
    public Sample run(int round) throws Exception {
      TransactionsMain.Settings settings =
          new TransactionsMain.Settings(
              outbox.address().jdbcUrl(outbox.database()),
              outbox.address().admin().user(),
              outbox.address().admin().password(),
              isWithEvent,
              count);
      try (ChildProcess process = bench.start("transactions", TransactionsMain.class, settings)) {
        return process.awaitSample(BOUND);
      }
    }
  }
}
