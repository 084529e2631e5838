package io.sluice.bench.harness;

import java.util.List;

/**
 * The samples of a contender.
 *
 * @param contender its name
 * @param samples one for each round
 */
public record Result(String contender, List<Sample> samples) {
  public Result {
    samples = List.copyOf(samples);
  }
}
