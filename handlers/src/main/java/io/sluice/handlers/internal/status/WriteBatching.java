package io.sluice.handlers.internal.status;

import java.time.Duration;
import java.util.Objects;

/**
 * How outcomes are batched into statements.
 *
 * @param most the maximum number of rows of a statement, also for reads
 * @param linger how long the first outcome waits for others while handlers are running
 */
public record WriteBatching(int most, Duration linger) {

  public WriteBatching {
    Objects.requireNonNull(linger, "linger");
  }
}
