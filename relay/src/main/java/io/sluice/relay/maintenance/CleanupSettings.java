package io.sluice.relay.maintenance;

import java.time.Duration;
import java.util.Optional;

/**
 * Which rows are removed, and how gently.
 *
 * @param published how long PUBLISHED rows are kept; empty for ever
 * @param failed how long FAILED rows are kept; empty for ever
 * @param batchRows removed in one transaction
 * @param rowsPerSecond removed at most, of each shard
 */
public record CleanupSettings(
    Optional<Duration> published, Optional<Duration> failed, int batchRows, int rowsPerSecond) {

  /** Published rows go after a week, failed ones stay. */
  public static final CleanupSettings DEFAULT =
      new CleanupSettings(Optional.of(Duration.ofDays(7)), Optional.empty(), 500, 1_000);
}
