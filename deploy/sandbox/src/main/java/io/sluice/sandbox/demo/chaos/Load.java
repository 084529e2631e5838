package io.sluice.sandbox.demo.chaos;

import java.util.OptionalDouble;

/** The load during which victims are killed, as measured and limited from outside. */
public interface Load {

  /** The committed part of the load, from 0 to 1; empty while the databases do not answer. */
  OptionalDouble committed();

  /** Lets the load continue up to this part of it, from 0 to 1. */
  void allow(double upTo);
}
