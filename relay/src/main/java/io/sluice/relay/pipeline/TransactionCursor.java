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
 * The forwarder's place in the binlog: the transaction, the ordinals of the rows inside it, and the
 * engine's offset. Decides which rows the starting position already covers.
 *
 * <p>After a restart the engine reads an interrupted transaction from its beginning. As many of its
 * rows as were published are then dropped, counted by table. The counts of a transaction are kept
 * until the offset is past it, because other transactions may come first after a failover. Used by
 * one thread.
 *
 * <p>For example, a transaction with GTID {@code g} inserts rows 1 to 5, and row 3 is the last one
 * in Kafka when the relay dies. The position has the offset before {@code g} and the count 3 for
 * it. The next run reads all five rows, and publishes 4 and 5.
 */
public final class TransactionCursor {

  private final Position start;
  private final Duration idleStore;
  private Position position;
  private long storedAt;
  private String transaction = "";
  private boolean isNumbered;
  private boolean isAmongRows;
  private @Nullable BinlogEnd passedEnd;
  private Optional<String> passed = Optional.empty();
  private final Map<ShardId, Long> ordinals = new HashMap<>();

  /**
   * A cursor for a new run.
   *
   * @param start the position at which the run starts
   * @param idleStore how often the position of a shard without events is stored, even if it stays
   *     the same: a store shows that Kafka accepts what would be published
   */
  public TransactionCursor(Position start, Duration idleStore) {
    this.start = start;
    this.idleStore = idleStore;
    this.position = start;
    this.storedAt = System.nanoTime();
  }

  /** Moves to the next row, and returns whether it still has to be published. */
  boolean isNew(RowOrigin row) {
    if (!row.transaction().equals(transaction)) {
      transaction = row.transaction();
      isNumbered = row.isNumbered();
      ordinals.clear();
    }
    long ordinal = ordinals.merge(row.shard(), 1L, Long::sum);
    return ordinal > start.published(transaction, row.shard());
  }

  /** The ordinal of the current row among its transaction's rows of its table, from 1. */
  long ordinal(RowOrigin row) {
    return ordinals.getOrDefault(row.shard(), 0L);
  }

  /**
   * Moves to an offset.
   *
   * @param isOpen whether the current transaction is not in the offset's GTID set yet
   */
  void moveTo(Map<String, ?> engineOffset, boolean isOpen) {
    isAmongRows = Position.isAmongRows(engineOffset);
    Map<String, Object> offset = withPassed(engineOffset);
    Map<String, Map<ShardId, Long>> published = new HashMap<>(position.published());
    if (isOpen && isNumbered) {
      published.put(transaction, publishedOfPresent());
    } else {
      published.remove(transaction);
    }
    if (!published.isEmpty()) {
      // Without GTIDs there are no counts, and no set to look into.
      Position.gtidSet(offset)
          .map(MySqlGtidSet::new)
          .ifPresent(complete -> published.keySet().removeIf(complete::contains));
    }
    position = start.advancedTo(offset, published);
  }

  /**
   * Records a recent end of the binlog. The engine adds a statement that is no transaction, such as
   * GRANT, to its GTID set only when another transaction follows. On a quiet server the position
   * would lack it until its file is purged, and then look lost.
   *
   * <p>An end among rows is ignored: rows of a compressed XA transaction have the offset after all
   * of them.
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
      moveTo(position.offset(), position.published().containsKey(transaction));
    }
  }

  /** Purged transactions that were never read must stay missing, so that a check finds them. */
  private static boolean isWithin(String some, String all) {
    return new MySqlGtidSet(some).isContainedWithin(new MySqlGtidSet(all));
  }

  private Map<String, Object> withPassed(Map<String, ?> offset) {
    Optional<String> own = passed.isEmpty() ? Optional.empty() : Position.gtidSet(offset);
    if (own.isPresent() && isWithin(own.get(), passed.orElseThrow())) {
      return Position.withGtidSet(offset, passed.orElseThrow());
    }
    // The engine has advanced since, and includes them itself.
    passed = Optional.empty();
    return new HashMap<>(offset);
  }

  /** The rows of the current transaction in Kafka, at least as many as the start covers. */
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
    return System.nanoTime() - storedAt >= idleStore.toNanos();
  }

  void stored() {
    storedAt = System.nanoTime();
  }
}
