package io.sluice.examples.frameworks;

/** An order is refused. */
final class LimitExceededException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LimitExceededException(Order order) {
    super("order %s of %s is beyond the user's limit".formatted(order.id(), order.amount()));
  }
}
