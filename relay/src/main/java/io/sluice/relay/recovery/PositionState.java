package io.sluice.relay.recovery;

/** Whether streaming can continue from a position. */
public sealed interface PositionState {

  /** The transactions that are concerned, and the consequence; empty if the position is usable. */
  String problem();

  /** The server has all transactions after the position, and has executed all before it. */
  record Usable() implements PositionState {
    @Override
    public String problem() {
      return "";
    }
  }

  /**
   * Transactions after the position were purged from the server's binlog.
   *
   * @param problem the transactions, and the consequence
   */
  record Purged(String problem) implements PositionState {}

  /**
   * The server lacks transactions that were relayed, but is a replica that still receives or
   * applies transactions.
   *
   * @param problem the transactions, and the consequence
   */
  record Lagging(String problem) implements PositionState {}

  /**
   * The server lacks transactions that were relayed. It was restored from a backup, or replaces a
   * server that failed before its replica had received everything.
   *
   * @param problem the transactions, and the consequence
   */
  record Ahead(String problem) implements PositionState {}

  /**
   * Data in Kafka that belongs to the position was deleted, or the position is of another server.
   *
   * @param problem the missing data, and the consequence
   */
  record Lost(String problem) implements PositionState {}
}
