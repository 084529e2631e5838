package io.sluice.examples.frameworks;

/** The same work, done with different frameworks. */
interface Orders {

  /** Stores the order and writes its event, or does neither. */
  void place(Order order) throws Exception;
}
