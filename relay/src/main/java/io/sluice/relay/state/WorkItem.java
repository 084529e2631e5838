package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Optional;

/**
 * A task that the owner of a shard must complete later. It is stored in Kafka, in the same
 * transaction as the records that caused it, so that a crash does not lose it.
 */
public sealed interface WorkItem {

  /** The shard whose table or topics the item concerns. */
  ShardId shard();

  /** Identifies the item among those of the shard. Storing the same item again has no effect. */
  String key();

  /**
   * A row that cannot be published went to a dead-letter topic: mark the row FAILED.
   *
   * @param eventId id of the row
   * @param redrive copy of the event, see {@link EventCopy}; empty if it could not be read
   * @param reason value for {@code last_error}; fits into it
   */
  record MarkFailed(ShardId shard, String eventId, Optional<String> redrive, String reason)
      implements WorkItem {

    /** Whether this item concerns that copy of an event. */
    public boolean isAbout(EventCopy copy) {
      return eventId.equals(copy.id()) && redrive.map(copy.redrive()::equals).orElse(true);
    }

    @Override
    public String key() {
      // Includes the copy, because each copy has to be marked.
      return "failed/" + shard + "/" + eventId + redrive.map("/"::concat).orElse("");
    }
  }

  /**
   * A row was written in an XA transaction that is prepared, but not yet committed: publish the row
   * when the transaction commits.
   *
   * @param eventId id of the row
   * @param transaction transaction that wrote the row
   */
  record AwaitCommit(ShardId shard, String eventId, String transaction) implements WorkItem {
    @Override
    public String key() {
      return "prepared/" + shard + "/" + eventId;
    }
  }

  /**
   * Transactions of this period were not read from the binlog: publish their rows that are not on
   * their topics.
   *
   * @param from start of the period; empty if unknown
   * @param until end of the period
   * @param cause reason for the gap, for reports
   */
  record ReconcileGap(ShardId shard, Optional<Instant> from, Instant until, String cause)
      implements WorkItem {
    /** Part of the cause if the server does not have all transactions that were relayed. */
    public static final String LACKS_TRANSACTIONS = "lacks transactions that were relayed";

    /** The cause if the binlog was read, but has statements instead of some rows. */
    public static final String OF_STATEMENTS =
        "inserts by sessions with a binlog_format other than ROW";

    @Override
    public String key() {
      return "gap/" + shard + "/" + until;
    }

    /** Whether most rows of the period were read. */
    public boolean isOfStatements() {
      return cause.equals(OF_STATEMENTS);
    }

    /** Whether statuses that handlers had written can be lost, of rows of any age. */
    public boolean mayLackStatuses() {
      return cause.contains(LACKS_TRANSACTIONS);
    }
  }
}
