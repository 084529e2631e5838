package io.sluice.bench.handlers;

import io.sluice.bench.events.EventId;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import io.sluice.bench.harness.Lap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Locks a row, updates it and commits, for one event after another. */
final class SqlByHandMain {

  private static final int THREADS = 32;
  private static final long LOOK_EVERY_NANOS = 2_000_000;

  private static final String SELECT =
      "SELECT status, retry_count, max_retries, updated_at FROM outbox_events WHERE id = ?"
          + " FOR UPDATE";

  private static final String UPDATE =
      "UPDATE outbox_events SET status = 'PUBLISHED', last_error = NULL,"
          + " updated_at = UTC_TIMESTAMP(6), published_at = UTC_TIMESTAMP(6) WHERE id = ?";

  private SqlByHandMain() {}

  /**
   * The settings.
   *
   * @param events how many events there are
   */
  record Settings(JdbcLogin login, long events) {}

  public static void main(String[] arguments) throws Exception {
    Settings settings = Bench.settings(arguments, Settings.class);
    AtomicLong next = new AtomicLong();
    AtomicLong done = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    Lap lap = new Lap(settings.events(), ChildProcess::ownCpuSeconds);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          threads.submit(
              () -> {
                handle(settings, next, done);
                return null;
              }));
    }
    while (!lap.isDone()) {
      LockSupport.parkNanos(LOOK_EVERY_NANOS);
      lap.at(done.get());
    }
    for (Future<?> thread : running) {
      thread.get();
    }
    threads.shutdown();
    ChildProcess.report(lap.sample());
  }

  private static void handle(Settings settings, AtomicLong next, AtomicLong done)
      throws SQLException {
    try (Connection connection = settings.login().connect();
        PreparedStatement select = connection.prepareStatement(SELECT);
        PreparedStatement update = connection.prepareStatement(UPDATE)) {
      connection.setAutoCommit(false);
      for (long n = next.getAndIncrement(); n < settings.events(); n = next.getAndIncrement()) {
        select.setString(1, EventId.of(n));
        try (ResultSet row = select.executeQuery()) {
          row.next();
        }
        update.setString(1, EventId.of(n));
        update.executeUpdate();
        connection.commit();
        done.incrementAndGet();
      }
    }
  }
}
