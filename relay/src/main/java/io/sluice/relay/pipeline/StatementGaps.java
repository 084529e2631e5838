package io.sluice.relay.pipeline;

import io.sluice.outbox.ShardId;
import io.sluice.relay.binlog.StatementInsert;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns inserts whose rows are not in the binlog into gaps to be reconciled. Inserts of a short
 * time share a gap, which is reconciled after that time, so that a session with many of them does
 * not cause a pass for each. Used by one thread.
 */
final class StatementGaps {

  private static final Logger LOG = LoggerFactory.getLogger(StatementGaps.class);
  private static final Duration COLLECTED = Duration.ofSeconds(2);
  private static final String CAUSE = "inserts by sessions with a binlog_format other than ROW";

  private final Map<ShardId, ReconcileGap> latest = new HashMap<>();

  /** Returns the gap of an insert; empty if it is already returned. */
  Optional<ReconcileGap> gap(StatementInsert insert) {
    Instant now = Instant.now();
    @Nullable ReconcileGap former = latest.get(insert.shard());
    boolean isOpen = former != null && former.until().isAfter(now);
    ReconcileGap gap =
        new ReconcileGap(
            insert.shard(),
            Optional.of(isOpen ? earlier(former, insert.time()) : insert.time()),
            isOpen ? former.until() : now.plus(COLLECTED),
            CAUSE);
    if (gap.equals(former)) {
      return Optional.empty();
    }
    if (!isOpen) {
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
