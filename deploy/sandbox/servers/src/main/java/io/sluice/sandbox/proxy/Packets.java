package io.sluice.sandbox.proxy;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * One direction of a connection, read packet by packet. A packet consists of three bytes of length
 * (little-endian), one byte of sequence number, and the payload. A message of 16 MiB less one byte
 * or more takes several packets, all of the maximum length except the last.
 *
 * <p>Packets are not held in memory as a whole: the start is inspected, then the packet is
 * forwarded. Owned by the thread that forwards.
 */
final class Packets {
  private static final int FRAME = 4;
  private static final int GREATEST_LENGTH = 0xFF_FF_FF;

  /** The inspected part of a payload. */
  private static final int START = 6;

  private static final int BUFFER = 64 * 1024;

  private final BufferedInputStream in;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private int unread;
  private int length;
  private boolean startsMessage;

  Packets(InputStream in) {
    this.in = new BufferedInputStream(in, BUFFER);
  }

  /**
   * Waits for the next byte.
   *
   * @return false at the end of the stream
   */
  boolean awaitBytes() throws IOException {
    in.mark(1);
    boolean there = in.read() >= 0;
    in.reset();
    return there;
  }

  /**
   * Reads the header of the next packet.
   *
   * @return false at the end of the stream
   */
  boolean next() throws IOException {
    startsMessage = length < GREATEST_LENGTH;
    if (in.readNBytes(buffer, 0, FRAME) < FRAME) {
      return false;
    }
    length = octet(0) | octet(1) << 8 | octet(2) << 16;
    int start = Math.min(length, START);
    buffered = FRAME + in.readNBytes(buffer, FRAME, start);
    unread = length - start;
    return true;
  }

  boolean startsMessage() {
    return startsMessage;
  }

  boolean endsMessage() {
    return length < GREATEST_LENGTH;
  }

  int sequence() {
    return octet(3);
  }

  /**
   * Returns one of the payload's first six bytes.
   *
   * @return -1 if the payload is shorter
   */
  int payload(int index) {
    return FRAME + index < buffered ? octet(FRAME + index) : -1;
  }

  /** Forwards the packet. */
  void forward(Sink sink) throws IOException {
    do {
      int wanted = Math.min(unread, buffer.length - buffered);
      int read = in.readNBytes(buffer, buffered, wanted);
      unread = read < wanted ? 0 : unread - read;
      sink.write(buffer, buffered + read);
      buffered = 0;
    } while (unread > 0);
  }

  /**
   * Forwards the available bytes without inspection.
   *
   * @return false at the end of the stream
   */
  boolean forwardUnread(Sink sink) throws IOException {
    int read = in.read(buffer);
    if (read > 0) {
      sink.write(buffer, read);
    }
    return read >= 0;
  }

  private int octet(int index) {
    return Byte.toUnsignedInt(buffer[index]);
  }
}
