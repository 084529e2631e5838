package io.sluice.relay.recovery;

/** Whether streaming can continue from a position. */
public sealed interface PositionState {

  /** The data that is missing, and the consequence; empty if the position is usable. */
  String problem();

  /** The server has all transactions after the position, and has executed all before it. */
  record Usable() implements PositionState {
    @Override
    public String problem() {
      return "";
    }
  }

  /**
   * The server lacks transactions that were relayed, but is a replica that still receives or
   * applies transactions.
   */
  record Lagging(String problem) implements PositionState {}

  /**
   * Streaming cannot continue. Transactions after the position were purged from the server's
   * binlog; or the server lacks transactions that were relayed, because it was restored from a
   * backup, or replaces a server that failed before its replica had received everything; or data in
   * Kafka that belongs to the position was deleted; or the position is of another server.
   */
  record Lost(String problem) implements PositionState {}
}
