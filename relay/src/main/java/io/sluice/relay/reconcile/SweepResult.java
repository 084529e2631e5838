package io.sluice.relay.reconcile;

import io.sluice.relay.state.EventCopy;
import java.util.HashSet;
import java.util.Set;

/**
 * What a sweep came to, for the rows of a page or for all of a pass.
 *
 * @param looked rows that were looked for on their topics
 * @param published of them
 * @param undecided of them, because their topics may have deleted them
 * @param held by somebody, or of topics that cannot be looked at; to be judged again
 * @param refused by a policy that stops; to be judged again once an operator has decided
 */
record SweepResult(
    int looked, int published, int undecided, Set<EventCopy> held, Set<EventCopy> refused) {

  static final SweepResult NONE = new SweepResult(0, 0, 0, Set.of(), Set.of());

  SweepResult {
    held = Set.copyOf(held);
    refused = Set.copyOf(refused);
  }

  SweepResult plus(SweepResult more) {
    return new SweepResult(
        looked + more.looked,
        published + more.published,
        undecided + more.undecided,
        both(held, more.held),
        both(refused, more.refused));
  }

  private static Set<EventCopy> both(Set<EventCopy> some, Set<EventCopy> others) {
    Set<EventCopy> both = new HashSet<>(some);
    both.addAll(others);
    return both;
  }

  /** For a log. */
  @Override
  public String toString() {
    return "%d rows looked at, %d published, %d undecided".formatted(looked, published, undecided);
  }
}
