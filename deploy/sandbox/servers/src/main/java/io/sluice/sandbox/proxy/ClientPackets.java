package io.sluice.sandbox.proxy;

/** Inspects the packets of a client. Owned by the thread that forwards them. */
final class ClientPackets {
  private static final int COMPRESSION = 1 << 5;
  private static final int ENCRYPTION = 1 << 11;
  private static final int ZSTD_COMPRESSION = 1 << 26;

  private static final int COM_BINLOG_DUMP = 0x12;
  private static final int COM_BINLOG_DUMP_GTID = 0x1e;

  /** The result of inspecting a packet. */
  enum Finding {
    NOTHING,
    /** The server's answer is a stream of binary log events. */
    DUMP,
    /** Everything after the packet, in both directions, is encrypted or compressed. */
    OPAQUE
  }

  private boolean answeredGreeting;

  /** Inspects a packet. Call it for every packet. */
  Finding look(Packets packet) {
    if (!answeredGreeting) {
      answeredGreeting = true;
      return isOpaque(packet) ? Finding.OPAQUE : Finding.NOTHING;
    }
    return isDump(packet) ? Finding.DUMP : Finding.NOTHING;
  }

  /** The first packet begins with the capabilities of the client, one bit each. */
  private static boolean isOpaque(Packets packet) {
    int capabilities = 0;
    for (int i = 0; i < 4; i++) {
      capabilities |= Math.max(packet.payload(i), 0) << (8 * i);
    }
    return (capabilities & (COMPRESSION | ENCRYPTION | ZSTD_COMPRESSION)) != 0;
  }

  /** Only a command has sequence number 0; packets of the login have others. */
  private static boolean isDump(Packets packet) {
    int command = packet.payload(0);
    return packet.startsMessage()
        && packet.sequence() == 0
        && (command == COM_BINLOG_DUMP || command == COM_BINLOG_DUMP_GTID);
  }
}
