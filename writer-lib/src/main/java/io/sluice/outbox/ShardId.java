package io.sluice.outbox;

import java.util.regex.Pattern;

/**
 * The name of a shard: one MySQL database with an outbox table of its own.
 *
 * <p>The global database is a shard like any other, called {@link #GLOBAL}. There is no "no shard"
 * value, so {@code ShardId.of(0)} is the shard named {@code 0} and nothing else.
 *
 * @param value 1 to 64 letters, digits, {@code _} or {@code -}, beginning with a letter or digit
 */
public record ShardId(String value) implements Comparable<ShardId> {

  // Before the constants below, which are checked with it as they are made.
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");

  /** The global database. */
  public static final ShardId GLOBAL = new ShardId("global");

  /**
   * @throws IllegalArgumentException if the name is not of this form
   */
  public ShardId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "shard id '%s' is not of the form %s: choose a short name such as 'shard-1'"
              .formatted(value, FORM));
    }
  }

  /** The shard with this name. */
  public static ShardId of(String value) {
    return new ShardId(value);
  }

  /** The shard whose name is this number, {@code 0} included. */
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
