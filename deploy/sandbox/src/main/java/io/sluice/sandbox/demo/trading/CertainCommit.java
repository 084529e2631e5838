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
 * Retries a transaction while its database does not answer, and commits it exactly once. A commit
 * whose answer is lost may still have taken effect. The event keeps its id, so each retry first
 * looks for the event and writes nothing if it is stored. Thread-safe.
 */
final class CertainCommit {

  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  /** A complete transaction, from begin to commit. */
  interface Transaction {
    void run() throws Exception;
  }

  /** Looks up which events are committed. */
  interface StoredEvents {
    boolean contain(ShardId shard, UUID event) throws SQLException;
  }

  private final StoredEvents stored;
  private final Duration patience;

  /**
   * @param patience how long a transaction is retried while its database does not answer
   */
  CertainCommit(StoredEvents stored, Duration patience) {
    this.stored = stored;
    this.patience = patience;
  }

  /**
   * Runs the transaction, and retries it until it is known to be committed.
   *
   * @param event one of the events that the transaction writes
   * @throws Exception the failure, if it is permanent or the time for retries has passed
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

  /**
   * Whether the failure is transient. The library classifies its own failures, but not those of the
   * transaction's statements.
   */
  private static boolean passes(Exception failure) {
    if (failure instanceof TransactionException commit && commit.isOutcomeUnknown()) {
      return true; // the next attempt looks up whether it was committed
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
