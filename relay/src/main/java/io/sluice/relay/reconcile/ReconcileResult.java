package io.sluice.relay.reconcile;

import io.sluice.relay.state.EventCopy;
import java.util.Set;

/**
 * The result of a comparison, for the rows of a page or of a whole pass.
 *
 * @param checked number of rows that were looked up on their topics
 * @param published number of rows that were published
 * @param undecided number of rows whose records the topics may have deleted
 * @param held rows that are locked, or whose topics cannot be read; to be checked again
 * @param refused rows that wait for an operator: unpublishable ones under {@code unpublishable:
 *     stop}, and those whose dead letter Kafka refuses after an operator has intervened
 */
record ReconcileResult(
    int checked, int published, int undecided, Set<EventCopy> held, Set<EventCopy> refused) {

  static final ReconcileResult NONE = new ReconcileResult(0, 0, 0, Set.of(), Set.of());

  ReconcileResult {
    held = Set.copyOf(held);
    refused = Set.copyOf(refused);
  }

  /** The numbers, for log messages. */
  @Override
  public String toString() {
    return "%d rows checked, %d published, %d undecided".formatted(checked, published, undecided);
  }
}
