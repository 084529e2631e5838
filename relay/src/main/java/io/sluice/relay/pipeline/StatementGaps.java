package io.sluice.relay.pipeline;

import io.sluice.outbox.ShardId;
import io.sluice.relay.capture.StatementInsert;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns inserts whose rows are not in the binlog into gaps to be reconciled. Inserts of a short
 * time share a gap. Used by one thread.
 */
final class StatementGaps {

  private static final Logger LOG = LoggerFactory.getLogger(StatementGaps.class);
  private static final Duration COLLECTED = Duration.ofSeconds(5);

  /**
   * A statement is in the binlog before its rows are visible. With semi-synchronous replication,
   * its server waits for a replica first, by default at most 10 s.
   */
  private static final Duration INVISIBLE = Duration.ofSeconds(12);

  private final Map<ShardId, Open> open = new HashMap<>();

  /** A gap for later inserts too, unless they are older than its begin. */
  private record Open(Instant from, Instant collectsUntil) {
    boolean contains(Instant time, Instant now) {
      return now.isBefore(collectsUntil) && !time.isBefore(from);
    }
  }

  /** Returns the gap of an insert; empty if an earlier one contains it. */
  Optional<ReconcileGap> gap(StatementInsert insert) {
    Instant now = Instant.now();
    Open known = open.get(insert.shard());
    if (known != null && known.contains(insert.time(), now)) {
      return Optional.empty();
    }
    LOG.warn(
        "shard '{}': a session with a binlog_format other than ROW inserted into the outbox table"
            + " at {}, so the rows are not in the binlog. They are published when the table is"
            + " reconciled, within half a minute, but perhaps after later rows. Set"
            + " binlog_format=ROW in that session",
        insert.shard(),
        insert.time());
    Open fresh = new Open(insert.time(), now.plus(COLLECTED));
    open.put(insert.shard(), fresh);
    return Optional.of(
        new ReconcileGap(
            insert.shard(),
            Optional.of(fresh.from()),
            fresh.collectsUntil().plus(INVISIBLE),
            ReconcileGap.OF_STATEMENTS));
  }
}
