package io.sluice.bench.harness;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The options of a run.
 *
 * @param root the checkout whose build is measured
 * @param rounds how often each contender runs, after a warm-up
 * @param isQuick whether to measure little of everything, to see that it works
 * @param baseline another built checkout, as a further contender
 * @param debeziumServer an unpacked Debezium Server, as a further contender
 */
public record BenchOptions(
    Path root,
    int rounds,
    boolean isQuick,
    Optional<Path> baseline,
    Optional<Path> debeziumServer) {

  /** Rounds before those that count. */
  public int warmUps() {
    return isQuick ? 0 : 1;
  }

  /** The number for a full run, or a small part of it for a quick one. */
  public int scaled(int full, int quick) {
    return isQuick ? quick : full;
  }
}
