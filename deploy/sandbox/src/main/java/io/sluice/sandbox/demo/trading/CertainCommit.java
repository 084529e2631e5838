package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.demo.setup.PassingFailure;
import io.sluice.writer.OutboxWriterException;
import io.sluice.writer.TransactionException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Tries a transaction again while its database is away, and commits it once. A commit whose answer
 * is lost may have taken effect all the same, so before each further try it looks for the event of
 * the transaction, which keeps its id: what is stored is not written again. Thread-safe.
 */
final class CertainCommit {

  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** A transaction, begun and ended by itself. */
  interface Transaction {
    void run() throws Exception;
  }

  /** Knows which events are committed. */
  interface StoredEvents {
    boolean contain(ShardId shard, UUID event) throws SQLException;
  }

  private final StoredEvents stored;
  private final Duration patience;

  /**
   * @param patience how long a database may be away before its transactions are given up
   */
  CertainCommit(StoredEvents stored, Duration patience) {
    this.stored = stored;
    this.patience = patience;
  }

  /**
   * Runs the transaction until it is certain that it was committed.
   *
   * @param event one of those it writes
   * @throws Exception what it failed with, where that does not pass or patience is at its end
   */
  void of(ShardId shard, OutboxEvent event, Transaction transaction) throws Exception {
    long deadline = System.nanoTime() + patience.toNanos();
    Transaction next = transaction;
    for (Duration wait = FIRST_WAIT; !succeeds(next, deadline); wait = after(wait)) {
      Pause.until(System.nanoTime() + wait.toNanos(), "event " + event.id() + " was tried again");
      next =
          () -> {
            if (!stored.contain(shard, event.id())) {
              transaction.run();
            }
          };
    }
  }

  private static boolean succeeds(Transaction transaction, long deadline) throws Exception {
    try {
      transaction.run();
      return true;
    } catch (Exception e) {
      if (passes(e) && System.nanoTime() - deadline < 0) {
        return false;
      }
      throw e;
    }
  }

  /** The library tells its own failures; those of the transaction's own statements it does not. */
  private static boolean passes(Exception failure) {
    if (failure instanceof TransactionException commit && commit.isOutcomeUnknown()) {
      return true; // whether it was committed is looked up before the next try
    }
    return failure instanceof OutboxWriterException own
        ? own.isTransient()
        : PassingFailure.causes(failure);
  }

  private static Duration after(Duration wait) {
    Duration doubled = wait.multipliedBy(2);
    return doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT;
  }
}
