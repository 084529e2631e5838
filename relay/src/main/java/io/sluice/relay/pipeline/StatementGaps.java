package io.sluice.relay.pipeline;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.StatementInsert;
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
 * time share a gap, which is reconciled after that time, so that a session with many of them does
 * not cause a pass for each. Used by one thread.
 */
final class StatementGaps {

  private static final Logger LOG = LoggerFactory.getLogger(StatementGaps.class);
  private static final Duration COLLECTED = Duration.ofSeconds(3);

  /** A statement is in the binlog a moment before its rows are visible. */
  private static final Duration INVISIBLE = Duration.ofSeconds(1);

  private static final String CAUSE = "inserts by sessions with a binlog_format other than ROW";

  private final Map<ShardId, ReconcileGap> latest = new HashMap<>();

  /** Returns the gap of an insert; empty if it is already returned. */
  Optional<ReconcileGap> gap(StatementInsert insert) {
    Instant now = Instant.now();
    Optional<ReconcileGap> open =
        Optional.ofNullable(latest.get(insert.shard()))
            .filter(gap -> gap.until().minus(INVISIBLE).isAfter(now));
    ReconcileGap gap =
        new ReconcileGap(
            insert.shard(),
            Optional.of(open.map(known -> earlier(known, insert.time())).orElse(insert.time())),
            open.map(ReconcileGap::until).orElse(now.plus(COLLECTED)),
            CAUSE);
    if (open.equals(Optional.of(gap))) {
      return Optional.empty();
    }
    if (open.isEmpty()) {
      LOG.warn(
          "shard '{}': a session with a binlog_format other than ROW inserted into the outbox table"
              + " at {}, so the rows are not in the binlog. They are published when the table is"
              + " reconciled, which is now, but perhaps after later rows. Set binlog_format=ROW in"
              + " that session",
          insert.shard(),
          insert.time());
    }
    latest.put(insert.shard(), gap);
    return Optional.of(gap);
  }

  private static Instant earlier(ReconcileGap gap, Instant time) {
    return gap.from().filter(from -> from.isBefore(time)).orElse(time);
  }
}
