package io.sluice.relay.pipeline;

import io.debezium.connector.mysql.gtid.MySqlGtidSet;
import io.sluice.outbox.ShardId;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.state.Position;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in the binlog the forwarder is: transaction, ordinals of the rows inside it, and the
 * engine's offset. Knows which rows the starting position already covers.
 *
 * <p>An engine that starts again reads the transaction it was in from its beginning; as many rows
 * of it as were published are then dropped, table by table. What is known of a transaction is kept
 * until the offset lies behind it, for after a failover others may come first. Used by one thread.
 */
public final class TransactionCursor {

  private final Position start;
  private final Duration idleStore;
  private Position position;
  private Position storedPosition;
  private long storedAt;
  private String transaction = "";
  private boolean isNumbered;
  private boolean isAmongRows;
  private @Nullable BinlogEnd passedEnd;
  private Optional<String> passed = Optional.empty();
  private final Map<ShardId, Long> ordinals = new HashMap<>();

  /**
   * A cursor at the beginning of a run.
   *
   * @param start where the run begins
   * @param idleStore how often the position of a shard without events is stored
   */
  public TransactionCursor(Position start, Duration idleStore) {
    this.start = start;
    this.idleStore = idleStore;
    this.position = start;
    this.storedPosition = start;
    this.storedAt = System.nanoTime();
  }

  /** Steps onto the next row, and tells whether it still has to be published. */
  boolean isNew(RowOrigin row) {
    if (!row.transaction().equals(transaction)) {
      transaction = row.transaction();
      isNumbered = row.isNumbered();
      ordinals.clear();
    }
    long ordinal = ordinals.merge(row.shard(), 1L, Long::sum);
    return ordinal > start.published(transaction, row.shard());
  }

  /** Of the row stepped onto last, among its transaction's rows of its table, from 1. */
  long ordinal(RowOrigin row) {
    return ordinals.getOrDefault(row.shard(), 0L);
  }

  void moveTo(Map<String, ?> engineOffset) {
    isAmongRows = Position.isAmongRows(engineOffset);
    Map<String, Object> offset = withPassed(engineOffset);
    Map<String, Map<ShardId, Long>> published = new HashMap<>(position.published());
    if (isNumbered) {
      published.put(transaction, publishedOfPresent());
    }
    if (!published.isEmpty()) {
      // Without numbers there is nothing to drop by, and no set to look into.
      Position.gtidSet(offset)
          .map(MySqlGtidSet::new)
          .ifPresent(complete -> published.keySet().removeIf(complete::contains));
    }
    position = start.advancedTo(offset, published);
  }

  /**
   * Learns where the binary log ended a moment ago. The engine counts a statement that is no
   * transaction, such as GRANT, only when another follows; on a quiet server the position would
   * lack it until its file is purged, and so look lost.
   *
   * <p>Not among rows: those of a compressed XA transaction bear the place behind all of them.
   */
  void noteEnd(BinlogEnd end) {
    if (isAmongRows
        || end.equals(passedEnd)
        || end.gtidSet().isEmpty()
        || !end.isPassedBy(position)) {
      return;
    }
    passedEnd = end;
    if (position.gtidSet().filter(own -> isWithin(end.purged(), own)).isPresent()) {
      passed = Optional.of(end.gtidSet());
      moveTo(position.offset());
    }
  }

  /** What the log lost unread, as by a restore, must stay missed until a check finds it. */
  private static boolean isWithin(String some, String all) {
    return new MySqlGtidSet(some).isContainedWithin(new MySqlGtidSet(all));
  }

  private Map<String, Object> withPassed(Map<String, ?> offset) {
    Optional<String> own = passed.isEmpty() ? Optional.empty() : Position.gtidSet(offset);
    if (own.isPresent() && isWithin(own.get(), passed.orElseThrow())) {
      return Position.withGtidSet(offset, passed.orElseThrow());
    }
    // The engine has gone on since, and counts what came before.
    passed = Optional.empty();
    return new HashMap<>(offset);
  }

  /** While rows are read that the starting position covers, its counts stand. */
  private Map<ShardId, Long> publishedOfPresent() {
    Map<ShardId, Long> rows = new HashMap<>(ordinals);
    start
        .published()
        .getOrDefault(transaction, Map.of())
        .forEach((shard, count) -> rows.merge(shard, count, Math::max));
    return rows;
  }

  Position position() {
    return position;
  }

  /** Whether a batch without events is reason enough to store the position. */
  boolean isWorthStoring() {
    return !position.equals(storedPosition) && System.nanoTime() - storedAt >= idleStore.toNanos();
  }

  void stored() {
    storedPosition = position;
    storedAt = System.nanoTime();
  }
}
