package io.sluice.bench.harness;

/** What a measurement has found. */
public sealed interface Report permits Findings, Curve {

  /** The name of the measurement, and of its files. */
  String name();

  /** What was measured, and how much of it. */
  String title();
}
