package io.sluice.handlers.internal.desk;

import java.time.Duration;
import java.util.Objects;

/**
 * How many outcomes are written by one statement.
 *
 * @param most at most; also how many rows are read by one
 * @param linger how long the first waits for others while handlers are at work on some
 */
public record WriteBatching(int most, Duration linger) {

  public static final WriteBatching DEFAULT = new WriteBatching(500, Duration.ofMillis(5));

  public WriteBatching {
    Objects.requireNonNull(linger, "linger");
  }
}
