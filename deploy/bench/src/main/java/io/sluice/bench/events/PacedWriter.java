package io.sluice.bench.events;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Commits events one by one at a steady rate, durably, on several connections. An event that could
 * not be written in time is written as soon as possible.
 */
public final class PacedWriter implements AutoCloseable {

  private static final int CONNECTIONS = 16;

  private final Outbox outbox;
  private final double nanosEach;
  private final int count;

  /** Longer than any commit takes on a server that works. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final AtomicInteger next = new AtomicInteger();

  /** When each commit returned. */
  private final AtomicLongArray committed;

  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<Future<?>> running = new ArrayList<>();

  /** Prepares to write so many events, numbered from 0. */
  public PacedWriter(Outbox outbox, int rate, int count) {
    this.outbox = outbox;
    this.nanosEach = 1e9 / rate;
    this.count = count;
    this.committed = new AtomicLongArray(count);
  }

  /** Starts to write. */
  public void start() {
    long begin = System.nanoTime();
    for (int i = 0; i < CONNECTIONS; i++) {
      running.add(
          threads.submit(
              () -> {
                write(begin);
                return null;
              }));
    }
  }

  private void write(long begin) throws SQLException {
    try (Connection connection = outbox.connect();
        Statement statement = connection.createStatement()) {
      String payload = Shape.of(1, 1).payload();
      StringBuilder sql = new StringBuilder();
      for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
        long wait = begin + (long) (number * nanosEach) - System.nanoTime();
        if (wait > 0) {
          LockSupport.parkNanos(wait);
        }
        sql.setLength(0);
        outbox.series().appendInsert(sql, number, 1, payload);
        statement.executeUpdate(sql.toString());
        committed.set(number, System.nanoTime());
      }
    }
  }

  public int count() {
    return count;
  }

  /** When the commit of an event returned, which may be after its record was read. */
  public long committed(int number) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long moment = committed.get(number);
    while (moment == 0) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("the commit of event " + number + " did not return");
      }
      Thread.onSpinWait();
      moment = committed.get(number);
    }
    return moment;
  }

  /** The rate that was achieved. All events are written. */
  public double achievedRate() throws InterruptedException, ExecutionException {
    for (Future<?> thread : running) {
      thread.get();
    }
    return count / ((committed.get(count - 1) - committed.get(0)) / 1e9);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
