package io.sluice.examples.frameworks;

/** The last thing to look at before a commit. */
interface Limits {

  /**
   * Lets an order pass.
   *
   * @throws LimitExceededException to roll back
   */
  void check(Order order);
}
