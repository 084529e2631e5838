package io.sluice.relay.sweep;

/**
 * What a sweep came to, for the rows of a page or for all of a gap.
 *
 * @param looked rows that were looked for on their topics
 * @param published of them
 * @param undecided of them, because their topics may have deleted them
 * @param held by somebody, so that they could not be read; to be looked at again
 * @param refused by a policy that stops; to be looked at again once an operator has decided
 */
record SweepResult(int looked, int published, int undecided, int held, int refused) {

  static final SweepResult NONE = new SweepResult(0, 0, 0, 0, 0);

  SweepResult plus(SweepResult more) {
    return new SweepResult(
        looked + more.looked,
        published + more.published,
        undecided + more.undecided,
        held + more.held,
        refused + more.refused);
  }

  /** For a log. */
  @Override
  public String toString() {
    return "%d rows looked at, %d published, %d undecided".formatted(looked, published, undecided);
  }
}
