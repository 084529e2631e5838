package io.sluice.relay.maintenance;

import java.time.Duration;
import java.util.Optional;

/**
 * Which rows cleanup removes.
 *
 * @param published retention of PUBLISHED rows; empty to keep them
 * @param failed retention of FAILED rows; empty to keep them
 */
public record CleanupSettings(Optional<Duration> published, Optional<Duration> failed) {

  /** PUBLISHED rows are removed after 7 days, FAILED rows are kept. */
  public static final CleanupSettings DEFAULT =
      new CleanupSettings(Optional.of(Duration.ofDays(7)), Optional.empty());
}
