package io.sluice.bench.harness;

/** One way to do the work that a measurement compares. */
public interface Contender {

  String name();

  /**
   * Does the work once, in a process of its own.
   *
   * @param round counts from 0, which is the warm-up
   */
  Sample run(int round) throws Exception;
}
