package io.sluice.bench.harness;

/** Compares several ways to do the same work. */
public interface Measurement {

  /** The name for {@code --only}. */
  String name();

  Report run(Bench bench) throws Exception;
}
