package io.sluice.examples.trading;

/** Where orders are carried out. Thread-safe. */
interface Exchange {

  /**
   * Submits an order; the same key again changes nothing.
   *
   * @throws RefusedException if it will never be taken
   */
  void submit(String idempotencyKey, OrderPlaced order) throws RefusedException;

  /** The exchange does not want an order. */
  final class RefusedException extends Exception {

    private static final long serialVersionUID = 1;

    RefusedException(String reason) {
      super(reason);
    }
  }
}
