package io.sluice.sandbox.proxy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;

/** Creates packets of MySQL's protocol. */
final class Wire {
  static final int GREATEST_LENGTH = 0xFF_FF_FF;
  static final int WRITE_ROWS = 30;
  static final int UPDATE_ROWS = 31;
  static final int TABLE_MAP = 19;

  private static final int HEADER = 19;

  private Wire() {}

  static byte[] packet(int sequence, byte... payload) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(payload.length);
    bytes.write(payload.length >> 8);
    bytes.write(payload.length >> 16);
    bytes.write(sequence);
    bytes.writeBytes(payload);
    return bytes.toByteArray();
  }

  /** The client's answer to the greeting, with these capabilities. */
  static byte[] login(int capabilities) {
    return packet(
        1,
        (byte) capabilities,
        (byte) (capabilities >> 8),
        (byte) (capabilities >> 16),
        (byte) (capabilities >> 24),
        (byte) 0);
  }

  static byte[] command(int code) {
    return packet(0, (byte) code, (byte) 1, (byte) 2);
  }

  /** An event with a body of the given size, in one packet. */
  static byte[] event(int type, int body) {
    return packet(7, eventPayload(type, body));
  }

  /** The payload of an event's packets: "OK", the header, the body. */
  static byte[] eventPayload(int type, int body) {
    byte[] payload = new byte[1 + HEADER + body];
    payload[5] = (byte) type;
    return payload;
  }

  static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  /** A stream that returns one byte per read, as a slow network may. */
  static InputStream byByte(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] target, int offset, int length) {
        return super.read(target, offset, Math.min(length, 1));
      }

      @Override
      public synchronized int available() {
        return 0;
      }
    };
  }
}
