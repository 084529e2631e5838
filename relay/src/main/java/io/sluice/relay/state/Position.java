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
 * How far a source has been published: where the engine starts again, and what of the transactions
 * it then reads is in Kafka already.
 *
 * <p>The engine's own counters of events and rows inside a transaction are not part of it. They
 * depend on the layout of one server's binlog; the GTID and the ordinal of a row among the
 * transaction's rows of one outbox table are the same on every replica.
 *
 * @param offset the engine's offset, always at the start of a transaction
 * @param published of transactions that are not complete at that offset, by GTID: how many rows of
 *     each shard are in Kafka already. More than one entry is left by a failover in the middle of a
 *     transaction to a replica that committed others first
 * @param history the topic that holds the tables' definitions up to here
 * @param server the {@code server_uuid} of the server whose binary log it is a place in, where
 *     transactions are not numbered; positions stored by former versions lack it
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
          "a position without a place in the binary log cannot be resumed: " + offset);
    }
    Map<String, Map<ShardId, Long>> copy = new TreeMap<>();
    published.forEach((gtid, rows) -> copy.put(gtid, Map.copyOf(rows)));
    published = Map.copyOf(copy);
    published.values().forEach(Position::requireCounts);
  }

  /** Whether the engine's offset bears a place between a transaction's rows. */
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

  /** A position that means the same on every server, before which nothing needs to be published. */
  public static Position first(Map<String, Object> offset, String history) {
    return new Position(offset, Map.of(), history, Optional.empty());
  }

  /** The same position, of this server alone. */
  public Position on(String serverUuid) {
    return new Position(offset, published, history, Optional.of(serverUuid));
  }

  /** What has been reached from here. */
  public Position advancedTo(
      Map<String, ?> reached, Map<String, Map<ShardId, Long>> publishedThere) {
    return new Position(new TreeMap<>(reached), publishedThere, history, server);
  }

  /** The offset of a place in a server's binary log. */
  public static Map<String, Object> offsetAt(String file, long position, String gtidSet) {
    Map<String, Object> offset = new TreeMap<>();
    offset.put(FILE, file);
    offset.put(POSITION_IN_FILE, position);
    if (!gtidSet.isEmpty()) {
      offset.put(GTID_SET, gtidSet);
    }
    return offset;
  }

  /** The same offset, behind these transactions. */
  public static Map<String, Object> withGtidSet(Map<String, ?> offset, String gtidSet) {
    Map<String, Object> changed = new TreeMap<>(offset);
    changed.put(GTID_SET, gtidSet);
    return changed;
  }

  /** The transactions that an offset of the engine lies behind, if its server numbers them. */
  public static Optional<String> gtidSet(Map<String, ?> offset) {
    return Optional.ofNullable((String) offset.get(GTID_SET));
  }

  /** The transactions that are published as a whole, as MySQL writes GTID sets. */
  public Optional<String> gtidSet() {
    return gtidSet(offset);
  }

  /** The binary log's file that is read first if the engine starts here. */
  public String file() {
    return String.valueOf(offset.get(FILE));
  }

  /** Where in that file. */
  public long positionInFile() {
    return ((Number) Objects.requireNonNull(offset.get(POSITION_IN_FILE))).longValue();
  }

  /** When the server wrote what was read last, to the second; unknown before the first event. */
  public Optional<Instant> writtenAt() {
    return offset.get(SECONDS) instanceof Number seconds
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  /** How many of a transaction's rows are in Kafka, of a shard. */
  public long published(String gtid, ShardId shard) {
    return published.getOrDefault(gtid, Map.of()).getOrDefault(shard, 0L);
  }

  /** The record's value on the positions topic. */
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
      throw new IllegalStateException("a position of plain values could not be written", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Position fromJson(byte[] json) {
    try {
      @Nullable Stored stored = JSON.readValue(json, Stored.class);
      if (stored == null || stored.offset() == null) {
        throw new IllegalArgumentException("position is incomplete");
      }
      if (stored.version() != VERSION) {
        throw new IllegalArgumentException(
            "position is of version %d, not %d".formatted(stored.version(), VERSION));
      }
      return stored.position();
    } catch (IOException e) {
      throw new IllegalArgumentException("position is not readable: " + e.getMessage(), e);
    }
  }

  /** The place, without what makes it long: a set of GTIDs may have thousands of ranges. */
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
