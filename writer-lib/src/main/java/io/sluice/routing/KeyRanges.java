package io.sluice.routing;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Routes keys by a fixed hash: each key belongs to one of 65,536 slots, and each shard has ranges
 * of slots. A new shard has no slots at first. A key moves only when {@link #moved} gives its slot
 * to another shard. The rows of the key must then be moved too.
 *
 * <p>A key's slot is the first two bytes of the SHA-256 of its UTF-8 text. To find rows by slot in
 * MySQL, use {@code CONV(LEFT(SHA2(`key`, 256), 4), 16, 10)}. Immutable.
 *
 * <pre>{@code
 * KeyRanges ranges = KeyRanges.parse("0-32767=shard-1, 32768-65535=shard-2");
 * KeyRanges withThird = ranges.moved(49152, 65535, ShardId.of("shard-3"));
 * }</pre>
 */
public final class KeyRanges implements ShardRouter {

  /** The number of slots; they are numbered from 0. */
  public static final int SLOTS = 1 << 16;

  private static final Pattern RANGE = Pattern.compile("\\s*(\\d{1,5})-(\\d{1,5})=(\\S+)\\s*");

  private final NavigableMap<Integer, ShardId> byFirstSlot;

  private KeyRanges(NavigableMap<Integer, ShardId> byFirstSlot) {
    this.byFirstSlot = byFirstSlot;
  }

  /**
   * Creates ranges of equal size, in the order given, for a new installation. Do not call this
   * again to add a shard, because that would move keys of all shards; use {@link #moved}.
   *
   * @throws IllegalArgumentException if there is no shard, or one is named twice
   */
  public static KeyRanges evenly(List<ShardId> shards) {
    if (shards.isEmpty() || shards.stream().distinct().count() != shards.size()) {
      throw new IllegalArgumentException(
          "keys cannot be distributed over %s: name at least one shard, and each shard once"
              .formatted(shards));
    }
    NavigableMap<Integer, ShardId> ranges = new TreeMap<>();
    for (int i = 0; i < shards.size(); i++) {
      ranges.put((int) ((long) SLOTS * i / shards.size()), shards.get(i));
    }
    return new KeyRanges(ranges);
  }

  /**
   * Parses the result of {@link #toString}: ranges of slots with their shards, separated by commas.
   *
   * @throws IllegalArgumentException if a slot has no shard or more than one, or the syntax is
   *     wrong
   */
  public static KeyRanges parse(String text) {
    NavigableMap<Integer, Range> ranges = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      Range range = Range.parse(part);
      if (ranges.put(range.first(), range) != null) {
        throw refused(text, "two ranges start with slot " + range.first());
      }
    }
    int next = 0;
    for (Range range : ranges.values()) {
      if (range.first() != next) {
        throw refused(
            text,
            range.first() > next
                ? "slots %d to %d have no shard".formatted(next, range.first() - 1)
                : "slots %d to %d have two shards"
                    .formatted(range.first(), Math.min(next - 1, range.last())));
      }
      next = range.last() + 1;
    }
    if (next != SLOTS) {
      throw refused(text, "slots %d to %d have no shard".formatted(next, SLOTS - 1));
    }
    NavigableMap<Integer, ShardId> byFirstSlot = new TreeMap<>();
    ranges.forEach((first, range) -> byFirstSlot.put(first, range.shard()));
    return new KeyRanges(byFirstSlot);
  }

  private static IllegalArgumentException refused(String text, String problem) {
    return new IllegalArgumentException(
        "key ranges '%s': %s: give every slot from 0 to %d to one shard"
            .formatted(text, problem, SLOTS - 1));
  }

  private record Range(int first, int last, ShardId shard) {

    static Range parse(String text) {
      Matcher parts = RANGE.matcher(text);
      if (!parts.matches()) {
        throw refused(text, "a range has the form 0-32767=shard-1");
      }
      int first = Integer.parseInt(parts.group(1));
      int last = Integer.parseInt(parts.group(2));
      if (first > last || last >= SLOTS) {
        throw refused(
            text,
            "the first slot of a range is greater than the last, or the last is greater than 65535");
      }
      return new Range(first, last, ShardId.of(parts.group(3)));
    }
  }

  /** Returns the slot of a key. */
  public static int slot(String key) {
    byte[] hash = sha256().digest(key.getBytes(StandardCharsets.UTF_8));
    return (hash[0] & 0xFF) << 8 | (hash[1] & 0xFF);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public ShardId shard(String key) {
    return of(slot(key));
  }

  private ShardId of(int slot) {
    return Objects.requireNonNull(byFirstSlot.floorEntry(slot)).getValue();
  }

  /**
   * Gives slots to a shard, which may be new.
   *
   * @param first first slot
   * @param last last slot, inclusive
   * @return a copy with the new owner of these slots
   * @throws IllegalArgumentException if the range is empty or out of bounds
   */
  public KeyRanges moved(int first, int last, ShardId shard) {
    if (first < 0 || first > last || last >= SLOTS) {
      throw new IllegalArgumentException(
          "slots %d to %d cannot be moved: use a range between 0 and %d, with the lower slot first"
              .formatted(first, last, SLOTS - 1));
    }
    NavigableMap<Integer, ShardId> ranges = new TreeMap<>(byFirstSlot.headMap(first, false));
    ranges.put(first, Objects.requireNonNull(shard, "shard"));
    if (last + 1 < SLOTS) {
      ranges.put(last + 1, of(last + 1));
      ranges.putAll(byFirstSlot.tailMap(last + 1, false));
    }
    return new KeyRanges(joined(ranges));
  }

  // Joins adjacent ranges of the same shard.
  private static NavigableMap<Integer, ShardId> joined(NavigableMap<Integer, ShardId> ranges) {
    NavigableMap<Integer, ShardId> joined = new TreeMap<>();
    ranges.forEach(
        (first, shard) -> {
          Map.Entry<Integer, ShardId> before = joined.lastEntry();
          if (before == null || !before.getValue().equals(shard)) {
            joined.put(first, shard);
          }
        });
    return joined;
  }

  /** The shards that have slots, ordered by their first slot. */
  public List<ShardId> shards() {
    return byFirstSlot.values().stream().distinct().toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyRanges that && byFirstSlot.equals(that.byFirstSlot);
  }

  @Override
  public int hashCode() {
    return byFirstSlot.hashCode();
  }

  /** The syntax of {@link #parse}. */
  @Override
  public String toString() {
    List<Integer> firsts = new ArrayList<>(byFirstSlot.keySet());
    List<String> ranges = new ArrayList<>();
    for (int i = 0; i < firsts.size(); i++) {
      int last = i + 1 < firsts.size() ? firsts.get(i + 1) - 1 : SLOTS - 1;
      ranges.add("%d-%d=%s".formatted(firsts.get(i), last, byFirstSlot.get(firsts.get(i))));
    }
    return String.join(",", Collections.unmodifiableList(ranges));
  }
}
