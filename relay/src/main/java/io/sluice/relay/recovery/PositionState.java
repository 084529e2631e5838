package io.sluice.relay.recovery;

/** Whether streaming can go on from a position. */
public sealed interface PositionState {

  /** Which transactions it is about, and what that means; empty if it is usable. */
  String problem();

  /** It can: the server still has everything after it, and had everything before it. */
  record Usable() implements PositionState {
    @Override
    public String problem() {
      return "";
    }
  }

  /**
   * It cannot: transactions after it are gone from the server's binary log.
   *
   * @param problem which, and what that means
   */
  record Purged(String problem) implements PositionState {}

  /**
   * Not yet: the server lacks transactions that were relayed, but it is a replica that still
   * receives or applies some.
   *
   * @param problem which, and what that means
   */
  record Lagging(String problem) implements PositionState {}

  /**
   * Not without thought: the server lacks transactions that were relayed. It was restored from a
   * backup, or replaces one that failed before it had sent everything.
   *
   * @param problem which, and what that means
   */
  record Ahead(String problem) implements PositionState {}

  /**
   * It cannot: what belongs to it in Kafka is gone.
   *
   * @param problem what, and what that means
   */
  record Lost(String problem) implements PositionState {}
}
