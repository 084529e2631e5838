package io.sluice.outbox;

import java.util.regex.Pattern;

/**
 * The name of a shard, which is a MySQL database with its own outbox table.
 *
 * <p>The global database is a shard too, named {@link #GLOBAL}. No value means "no shard": {@code
 * ShardId.of(0)} is the shard named {@code 0}.
 *
 * @param value 1 to 64 letters, digits, {@code _} or {@code -}, beginning with a letter or digit
 */
public record ShardId(String value) implements Comparable<ShardId> {

  // Declared before the constants below, whose constructor uses it.
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** The global database. */
  public static final ShardId GLOBAL = new ShardId("global");

  /**
   * Checks the name.
   *
   * @throws IllegalArgumentException if the name does not have this form
   */
  public ShardId {
    if (value == null || !FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "shard id '%s' does not match %s: use a short name such as 'shard-1'"
              .formatted(value, FORM));
    }
  }

  /** Returns the shard with this name. */
  public static ShardId of(String value) {
    return new ShardId(value);
  }

  /** Returns the shard whose name is this number. */
  public static ShardId of(int number) {
    return new ShardId(Integer.toString(number));
  }

  @Override
  public int compareTo(ShardId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
