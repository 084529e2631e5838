package io.sluice.bench.writer;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Sample;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Commits transactions of a small business service, one after another. */
final class TransactionsMain {

  private static final int ACCOUNTS = 1_000;

  private TransactionsMain() {}

  /**
   * The settings.
   *
   * @param isWithEvent whether each transaction writes an event
   * @param count how many transactions
   */
  record Settings(String jdbcUrl, String user, String password, boolean isWithEvent, int count) {}

  public static void main(String[] arguments) throws SQLException {
    Settings settings = Bench.settings(arguments, Settings.class);
    OutboxWriter outbox = new OutboxWriter();
    try (Connection connection =
            DriverManager.getConnection(settings.jdbcUrl(), settings.user(), settings.password());
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO orders (account, text) VALUES (?, ?)");
        PreparedStatement update =
            connection.prepareStatement("UPDATE accounts SET orders = orders + 1 WHERE id = ?")) {
      connection.setAutoCommit(false);
      Lap lap = new Lap(settings.count(), ChildProcess::ownCpuSeconds);
      for (int i = 1; i <= settings.count(); i++) {
        insert.setInt(1, i % ACCOUNTS);
        insert.setString(2, "order " + i);
        insert.executeUpdate();
        update.setInt(1, i % ACCOUNTS);
        update.executeUpdate();
        if (settings.isWithEvent()) {
          outbox.append(connection, event(i));
        }
        connection.commit();
        lap.at(i);
      }
      Sample sample = lap.sample();
      ChildProcess.report(sample.only(Metric.RATE, Metric.WARM_RATE, Metric.CPU));
    }
  }

  private static OutboxEvent event(int i) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("account", Integer.toString(i % ACCOUNTS))
        .payload(new OrderCreated(i, "order " + i))
        .build();
  }

  /** The payload. */
  record OrderCreated(int order, String text) {}
}
