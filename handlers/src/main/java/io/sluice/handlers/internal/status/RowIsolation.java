package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retries requests whose row is locked or refuses the change, so that the row does not delay
 * others. Owned by the store's thread.
 */
final class RowIsolation {

  private static final Logger LOG = LoggerFactory.getLogger(RowIsolation.class);

  /**
   * Only this refusal of a request is logged, because most rows are unlocked within milliseconds.
   */
  private static final int LOGGED_REFUSAL = 8;

  private final ShardId shard;
  private final StatusSession session;
  private final PendingRequests pending;
  private final InstantSource clock;

  RowIsolation(ShardId shard, StatusSession session, PendingRequests pending, InstantSource clock) {
    this.shard = shard;
    this.session = session;
    this.pending = pending;
    this.clock = clock;
  }

  /** Executes requests. Can be repeated with fewer of them. */
  interface Execution<R> {
    void run(List<R> requests) throws SQLException;
  }

  /**
   * Executes requests together. If a row refuses this, executes them one at a time.
   *
   * @throws SQLException if the cause is the shard and not a row
   */
  <R extends RowRequest> void run(List<R> requests, Execution<R> execution) throws SQLException {
    try {
      execution.run(requests);
    } catch (SQLException e) {
      session.recover(e);
      requireOfARow(e);
      List<R> open = requests.stream().filter(pending::isOpen).toList();
      if (open.size() == 1) {
        retry(open.get(0), e.toString());
        return;
      }
      for (R request : open) {
        run(List.of(request), execution);
      }
    }
  }

  private void requireOfARow(SQLException cause) throws SQLException {
    RowRefusal refusal = RowRefusal.of(cause);
    if (refusal == RowRefusal.NONE || refusal == RowRefusal.READ_ONLY) {
      throw cause;
    }
    if (refusal == RowRefusal.UNKNOWN) {
      probe();
    }
  }

  /**
   * Reads and updates a row that does not exist.
   *
   * @throws SQLException if the shard refuses every request
   */
  void probe() throws SQLException {
    RowReads.probe(session.connection());
    RowWrites.probe(session.connection());
  }

  /** Retries a request whose row another transaction has locked. */
  void retryLocked(RowRequest request) {
    retry(request, "its row is locked");
  }

  void retry(RowRequest request, String reason) {
    if (pending.retryLater(request, clock.instant()) == LOGGED_REFUSAL) {
      LOG.warn(
          "event {} of shard '{}' waits for its row: {}: it is retried until that has passed",
          request.id(),
          shard,
          reason);
    }
  }
}
