package io.sluice.examples.frameworks;

/** The same work, done with different frameworks. */
interface Orders {

  /** Stores the order and tells of it, or does neither. */
  void place(Order order) throws Exception;
}
