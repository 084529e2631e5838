package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something the owner of a source has yet to put right. Kept in Kafka, and stored in the same
 * transaction as what made it necessary, so that a crash forgets none.
 */
public sealed interface WorkItem {

  /** Whose table or topics it is about. */
  ShardId shard();

  /** Tells it from the source's other repairs; the same need has the same key. */
  String key();

  /**
   * A row was set aside because Kafka could not take it: mark it FAILED.
   *
   * @param eventId the row's
   * @param redrive which copy of the event it was, see {@link EventCopy}; empty if that could not
   *     be read
   * @param reason for its {@code last_error}
   */
  record MarkFailed(ShardId shard, String eventId, Optional<String> redrive, String reason)
      implements WorkItem {

    /** Whether this is about that copy of an event. */
    public boolean isAbout(EventCopy copy) {
      return eventId.equals(copy.id()) && redrive.map(copy.redrive()::equals).orElse(true);
    }

    @Override
    public String key() {
      // A copy's own: marking the one must not take the next one for done.
      return "failed/" + shard + "/" + eventId + redrive.map("/"::concat).orElse("");
    }
  }

  /**
   * A row was written in an XA transaction that was prepared, but not yet committed: publish it if
   * it ever is.
   *
   * @param eventId the row's
   * @param transaction that wrote it
   */
  record AwaitCommit(ShardId shard, String eventId, String transaction) implements WorkItem {
    @Override
    public String key() {
      return "prepared/" + shard + "/" + eventId;
    }
  }

  /**
   * Transactions of this time were not read from the binary log: publish those of their rows that
   * are not on their topics.
   *
   * @param from the earliest they may have been written; empty if unknown
   * @param until the latest they may have been written
   * @param cause what happened, for reports
   */
  record SweepGap(ShardId shard, Optional<Instant> from, Instant until, String cause)
      implements WorkItem {
    @Override
    public String key() {
      return "gap/" + shard + "/" + until;
    }
  }
}
