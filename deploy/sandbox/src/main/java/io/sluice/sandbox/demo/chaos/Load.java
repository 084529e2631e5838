package io.sluice.sandbox.demo.chaos;

import java.util.OptionalDouble;

/** What is written meanwhile, as seen and held back from outside. */
public interface Load {

  /** How much of it is committed, from 0 to 1; empty while its databases do not answer. */
  OptionalDouble committed();

  /** Lets it go on until this much of it, from 0 to 1, and no further. */
  void allow(double upTo);
}
