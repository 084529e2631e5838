package io.sluice.relay.fault;

import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.RelayFixture;
import io.sluice.writer.OutboxWriterException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Commits transactions to a shard one after the other until it is closed. A failed transaction is
 * repeated until it is known to be committed, however often the server dies. Runs in a separate
 * thread.
 */
final class SteadyLoad implements AutoCloseable {

  private static final Duration PACE = Duration.ofMillis(20);
  private static final Duration RETRY = Duration.ofMillis(200);
  private static final int ROWS = 5;

  private final RelayFixture fixture;
  private final int shard;
  private final NumberedEvents events;
  private final Committed committed;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicInteger large = new AtomicInteger();
  private final AtomicLong transactions = new AtomicLong();
  private final ExecutorService thread;
  private final Future<?> end;

  private SteadyLoad(RelayFixture fixture, int shard, Committed committed) {
    this.fixture = fixture;
    this.shard = shard;
    this.events = new NumberedEvents(fixture, shard, "load-" + shard, committed);
    this.committed = committed;
    this.thread = Executors.newSingleThreadExecutor();
    this.end = thread.submit(this::run);
  }

  /** Starts writing to a shard. */
  static SteadyLoad on(RelayFixture fixture, int shard, Committed committed) {
    return new SteadyLoad(fixture, shard, committed);
  }

  /** Commits this number of rows in the next transaction. */
  void commitLarge(int rows) {
    large.set(rows);
  }

  /** The number of committed transactions. */
  long transactions() {
    return transactions.get();
  }

  private Void run() throws InterruptedException {
    do {
      int rows = large.getAndSet(0);
      commitUntilKnown(events.next(rows == 0 ? ROWS : rows));
    } while (!stopping.await(PACE.toMillis(), TimeUnit.MILLISECONDS));
    return null;
  }

  /** Continues after a stop request, because the outcome of each transaction must be known. */
  private void commitUntilKnown(List<OutboxEvent> transaction) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!isCommitted(transaction)) {
      if (never.await(RETRY.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the latch was counted down");
      }
    }
    committed.add(transaction);
    transactions.incrementAndGet();
  }

  private boolean isCommitted(List<OutboxEvent> transaction) {
    try (Connection connection = fixture.connect(shard)) {
      if (!isThere(connection, transaction.get(0))) {
        fixture.append(connection, transaction.toArray(OutboxEvent[]::new));
        connection.commit();
      }
      return true;
    } catch (SQLException | OutboxWriterException e) {
      return false; // it may be committed; the next attempt checks that
    }
  }

  private static boolean isThere(Connection connection, OutboxEvent event) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM outbox_events WHERE id = ?")) {
      query.setString(1, event.id().toString());
      try (ResultSet row = query.executeQuery()) {
        return row.next();
      }
    }
  }

  /** Ends the load when its last transaction is known to be committed. */
  @Override
  public void close() {
    stopping.countDown();
    thread.shutdown();
    try {
      end.get(2, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the load was ending", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the load did not end as it should", e);
    }
  }
}
