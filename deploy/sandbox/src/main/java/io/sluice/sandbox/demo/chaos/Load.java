package io.sluice.sandbox.demo.chaos;

import java.util.OptionalDouble;

/** The load during which victims are killed. The killer measures and limits it. */
public interface Load {

  /** The committed share of the load, from 0 to 1; empty while the databases do not answer. */
  OptionalDouble committed();

  /** Lets the load continue up to this share, from 0 to 1. */
  void allow(double upTo);
}
