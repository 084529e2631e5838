package io.sluice.relay.state;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.outbox.ShardId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Progress of a shard: the offset from which the engine reads, and the rows after that offset that
 * are already relayed.
 *
 * <p>The engine's own counters of events and rows inside a transaction are not stored, because they
 * depend on the layout of one server's binlog. The GTID, and the ordinal of a row among the rows
 * that the transaction inserted into one outbox table, are the same on every replica.
 *
 * @param offset the engine's offset, always at the start of a transaction
 * @param published number of relayed rows of each shard, by GTID, for transactions that are only
 *     partly relayed. It has more than one entry after a failover in the middle of a transaction to
 *     a replica that committed other transactions first
 * @param history topic with the table definitions up to this position
 * @param server {@code server_uuid} of the server to which the position applies, if transactions
 *     have no GTIDs; positions stored by earlier versions lack it
 */
public record Position(
    Map<String, Object> offset,
    Map<String, Map<ShardId, Long>> published,
    String history,
    Optional<String> server) {

  private static final String GTID_SET = "gtids";
  private static final String FILE = "file";
  private static final String POSITION_IN_FILE = "pos";
  private static final String SECONDS = "ts_sec";
  private static final String EVENT_COUNTER = "event";
  private static final String ROW_COUNTER = "row";

  private static final int VERSION = 2;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public Position {
    offset = atTransactionStart(offset);
    if (!(offset.get(FILE) instanceof String)
        || !(offset.get(POSITION_IN_FILE) instanceof Number)) {
      throw new IllegalArgumentException(
          "a position needs a binlog file and an offset in it: " + offset);
    }
    Map<String, Map<ShardId, Long>> copy = new TreeMap<>();
    published.forEach((gtid, rows) -> copy.put(gtid, Map.copyOf(rows)));
    published = Map.copyOf(copy);
    published.values().forEach(Position::requireCounts);
  }

  /** Whether an offset of the engine lies between the rows of a transaction. */
  public static boolean isAmongRows(Map<String, ?> offset) {
    return offset.containsKey(EVENT_COUNTER);
  }

  private static Map<String, Object> atTransactionStart(Map<String, Object> offset) {
    Map<String, Object> start = new TreeMap<>(offset);
    start.remove(EVENT_COUNTER);
    start.remove(ROW_COUNTER);
    return Map.copyOf(start);
  }

  private static void requireCounts(Map<ShardId, Long> rows) {
    if (rows.values().stream().anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("a position counts published rows from 1: " + rows);
    }
  }

  /**
   * Creates a first position that applies to every server. Nothing before it needs to be relayed.
   */
  public static Position first(Map<String, Object> offset, String history) {
    return new Position(offset, Map.of(), history, Optional.empty());
  }

  /** Returns the same position for this server only. */
  public Position on(String serverUuid) {
    return new Position(offset, published, history, Optional.of(serverUuid));
  }

  /**
   * Returns the position that follows this one.
   *
   * @param reached offset of the engine
   * @param relayedThere number of relayed rows of transactions that are incomplete at that offset
   */
  public Position advancedTo(Map<String, ?> reached, Map<String, Map<ShardId, Long>> relayedThere) {
    return new Position(new TreeMap<>(reached), relayedThere, history, server);
  }

  /**
   * Creates an offset for the engine.
   *
   * @param gtidSet executed transactions; empty if transactions have no GTIDs
   */
  public static Map<String, Object> offsetAt(String file, long position, String gtidSet) {
    Map<String, Object> offset = new TreeMap<>();
    offset.put(FILE, file);
    offset.put(POSITION_IN_FILE, position);
    if (!gtidSet.isEmpty()) {
      offset.put(GTID_SET, gtidSet);
    }
    return offset;
  }

  /** Returns the same offset with another GTID set. */
  public static Map<String, Object> withGtidSet(Map<String, ?> offset, String gtidSet) {
    Map<String, Object> changed = new TreeMap<>(offset);
    changed.put(GTID_SET, gtidSet);
    return changed;
  }

  /** The GTID set before an offset of the engine, if the server assigns GTIDs. */
  public static Optional<String> gtidSet(Map<String, ?> offset) {
    return Optional.ofNullable((String) offset.get(GTID_SET));
  }

  /** The GTID set of the completely relayed transactions, in MySQL's notation. */
  public Optional<String> gtidSet() {
    return gtidSet(offset);
  }

  /** The binlog file from which the engine reads. */
  public String file() {
    return String.valueOf(offset.get(FILE));
  }

  /** The offset in that file. */
  public long positionInFile() {
    return ((Number) Objects.requireNonNull(offset.get(POSITION_IN_FILE))).longValue();
  }

  /**
   * The time up to which everything that the server committed is before this position, in seconds;
   * empty if it is unknown.
   */
  public Optional<Instant> readUpTo() {
    return offset.get(SECONDS) instanceof Number seconds
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  /**
   * Returns the same position with another time up to which the server was read. It takes the place
   * of the engine's own time, which is that of the last captured row or DDL statement.
   */
  public Position withReadUpTo(Instant time) {
    Map<String, Object> changed = new TreeMap<>(offset);
    changed.put(SECONDS, time.getEpochSecond());
    return new Position(changed, published, history, server);
  }

  /** Returns the number of relayed rows that a transaction inserted into a shard's table. */
  public long published(String gtid, ShardId shard) {
    return published.getOrDefault(gtid, Map.of()).getOrDefault(shard, 0L);
  }

  /** Formats the position as the value of a record on the positions topic. */
  public byte[] toJson() {
    Map<String, Map<String, Long>> rows = new TreeMap<>();
    published.forEach(
        (gtid, shards) -> {
          Map<String, Long> counts = new TreeMap<>();
          shards.forEach((shard, count) -> counts.put(shard.value(), count));
          rows.put(gtid, counts);
        });
    try {
      return JSON.writeValueAsBytes(
          new Stored(VERSION, new TreeMap<>(offset), rows, history, server.orElse(null)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a position cannot be formatted", e);
    }
  }

  /**
   * Parses the output of {@link #toJson}.
   *
   * @throws IllegalArgumentException if it is not a valid position
   */
  public static Position fromJson(byte[] json) {
    try {
      @Nullable Stored stored = JSON.readValue(json, Stored.class);
      if (stored == null || stored.offset() == null) {
        throw new IllegalArgumentException("position is incomplete");
      }
      if (stored.version() != VERSION) {
        throw new IllegalArgumentException(
            "position has version %d, not %d".formatted(stored.version(), VERSION));
      }
      return stored.position();
    } catch (IOException e) {
      throw new IllegalArgumentException("position cannot be parsed: " + e.getMessage(), e);
    }
  }

  /** Whether this is the same place in the binlog, at whatever time it was reached. */
  public boolean isAt(Position other) {
    return positionInFile() == other.positionInFile() && file().equals(other.file());
  }

  /** The GTID set, or file and offset, and the counts of rows. */
  @Override
  public String toString() {
    return published.isEmpty() ? place() : place() + " and rows of " + published;
  }

  private String place() {
    return gtidSet().orElseGet(() -> file() + ":" + positionInFile());
  }

  private record Stored(
      int version,
      @Nullable Map<String, @Nullable Object> offset,
      @Nullable Map<String, @Nullable Map<String, @Nullable Long>> published,
      @Nullable String history,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String server) {

    Position position() {
      if (offset == null || published == null || history == null) {
        throw new IllegalArgumentException("position is incomplete");
      }
      Map<String, Object> place = new TreeMap<>();
      offset.forEach((name, value) -> place.put(name, required(value)));
      Map<String, Map<ShardId, Long>> rows = new TreeMap<>();
      published.forEach((gtid, shards) -> rows.put(gtid, counts(required(shards))));
      return new Position(place, rows, history, Optional.ofNullable(server));
    }

    private static Map<ShardId, Long> counts(Map<String, @Nullable Long> shards) {
      Map<ShardId, Long> counts = new TreeMap<>();
      shards.forEach((shard, count) -> counts.put(ShardId.of(shard), required(count)));
      return counts;
    }

    private static <T> T required(@Nullable T value) {
      if (value == null) {
        throw new IllegalArgumentException("position has an empty field");
      }
      return value;
    }
  }
}
