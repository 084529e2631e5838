package io.sluice.handlers.internal.status;

import java.time.Duration;
import java.util.Objects;

/**
 * How outcomes are collected into statements.
 *
 * @param most most rows that a statement reads or writes
 * @param linger how long the first outcome waits for others while handlers are called
 */
public record WriteBatching(int most, Duration linger) {

  public WriteBatching {
    Objects.requireNonNull(linger, "linger");
  }
}
