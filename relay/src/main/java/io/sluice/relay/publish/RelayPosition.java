package io.sluice.relay.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far a shard has been published: where the engine starts again, and what of the transaction it
 * then reads first is in Kafka already.
 *
 * <p>The engine's own counters of events and rows inside a transaction are not part of it. They
 * depend on the layout of one server's binlog; the GTID and the ordinal of a row among the
 * transaction's outbox rows are the same on every replica.
 *
 * @param offset the engine's offset, always at the start of a transaction
 * @param gtid the transaction last published from; empty if none was
 * @param rows how many of that transaction's outbox rows were published
 */
public record RelayPosition(Map<String, Object> offset, String gtid, long rows) {

  /** Key of the executed GTID set in the engine's offset. */
  public static final String GTID_SET = "gtids";

  private static final int VERSION = 1;
  private static final String EVENT_COUNTER = "event";
  private static final String ROW_COUNTER = "row";
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  public RelayPosition {
    Map<String, Object> atTransactionStart = new TreeMap<>(offset);
    atTransactionStart.remove(EVENT_COUNTER);
    atTransactionStart.remove(ROW_COUNTER);
    offset = Map.copyOf(atTransactionStart);
    if (!(offset.get(GTID_SET) instanceof String)) {
      throw new IllegalArgumentException(
          "a position without a GTID set cannot be resumed: " + offset);
    }
    if (rows < 0) {
      throw new IllegalArgumentException("rows of a position must not be negative: " + rows);
    }
  }

  /** A position before which nothing needs to be published. */
  public static RelayPosition first(Map<String, Object> offset) {
    return new RelayPosition(offset, "", 0);
  }

  /** The transactions that are published as a whole, as MySQL writes GTID sets. */
  public String gtidSet() {
    return (String) Objects.requireNonNull(offset.get(GTID_SET));
  }

  /** The record's value on the positions topic. */
  public byte[] toJson() {
    try {
      return JSON.writeValueAsBytes(new Stored(VERSION, new TreeMap<>(offset), gtid, rows));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a position of plain values could not be written", e);
    }
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static RelayPosition fromJson(byte[] json) {
    try {
      @Nullable Stored stored = JSON.readValue(json, Stored.class);
      if (stored == null || stored.offset() == null || stored.gtid() == null) {
        throw new IllegalArgumentException("position is incomplete");
      }
      if (stored.version() != VERSION || stored.offset().containsValue(null)) {
        throw new IllegalArgumentException(
            "position is of version %d, not %d, or has an empty field"
                .formatted(stored.version(), VERSION));
      }
      return new RelayPosition(stored.offset(), stored.gtid(), stored.rows());
    } catch (IOException e) {
      throw new IllegalArgumentException("position is not readable: " + e.getMessage(), e);
    }
  }

  private record Stored(
      int version, @Nullable Map<String, Object> offset, @Nullable String gtid, long rows) {}
}
