package io.sluice.sandbox.proxy;

/** Inspects the packets of a server during a dump. Owned by the thread that forwards them. */
final class DumpPackets {
  private static final int EVENT_FOLLOWS = 0;

  /** An event's header begins with four bytes of time. */
  private static final int EVENT_TYPE = 1 + 4;

  private static final int WRITE_ROWS_V1 = 23;
  private static final int WRITE_ROWS_V2 = 30;

  private boolean inWriteRows;

  /** Inspects a packet. Call it for every packet. */
  void look(Packets packet) {
    if (packet.startsMessage()) {
      int type = packet.payload(EVENT_TYPE);
      inWriteRows =
          packet.payload(0) == EVENT_FOLLOWS && (type == WRITE_ROWS_V1 || type == WRITE_ROWS_V2);
    }
  }

  /** Whether the inspected packet is the first of a write-rows event. */
  boolean startsWriteRows(Packets packet) {
    return inWriteRows && packet.startsMessage();
  }

  /** Whether the inspected packet is the last of a write-rows event. */
  boolean endsWriteRows(Packets packet) {
    return inWriteRows && packet.endsMessage();
  }
}
