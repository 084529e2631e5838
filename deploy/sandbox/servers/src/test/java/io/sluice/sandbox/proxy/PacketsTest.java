package io.sluice.sandbox.proxy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PacketsTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Sink sink = (bytes, length) -> out.write(bytes, 0, length);

  @Test
  void readsPacketsThatComeByteByByte() throws IOException {
    byte[] wire =
        Wire.concat(Wire.packet(3, new byte[] {9, 8, 7}), Wire.packet(4), Wire.event(30, 70_000));
    Packets packets = new Packets(Wire.byByte(wire));

    assertTrue(packets.next());
    assertEquals(3, packets.sequence());
    assertEquals(9, packets.payload(0));
    assertEquals(7, packets.payload(2));
    assertEquals(-1, packets.payload(3));
    packets.forward(sink);
    assertArrayEquals(Arrays.copyOf(wire, 7), out.toByteArray());

    assertTrue(packets.next());
    assertEquals(-1, packets.payload(0));
    packets.forward(sink);
    assertTrue(packets.next());
    assertEquals(30, packets.payload(5));
    packets.forward(sink);
    assertFalse(packets.next());
    assertArrayEquals(wire, out.toByteArray());
  }

  @Test
  void knowsWhichPacketsOfAGreatMessageStartAndEndIt() throws IOException {
    byte[] wire =
        Wire.concat(
            Wire.packet(0, new byte[Wire.GREATEST_LENGTH]),
            Wire.packet(1, new byte[Wire.GREATEST_LENGTH]),
            Wire.packet(2),
            Wire.packet(3, (byte) 1));
    Packets packets = new Packets(new ByteArrayInputStream(wire));

    assertEquals("start", nextPart(packets));
    assertEquals("middle", nextPart(packets));
    assertEquals("end", nextPart(packets));
    assertEquals("whole", nextPart(packets));
    assertFalse(packets.next());
    assertArrayEquals(wire, out.toByteArray());
  }

  @Test
  void forwardsWhatThereIsOfAPacketThatBreaksOff() throws IOException {
    byte[] broken = Arrays.copyOf(Wire.event(30, 100_000), 80_000);
    Packets packets = new Packets(new ByteArrayInputStream(broken));

    assertTrue(packets.next());
    packets.forward(sink);

    assertFalse(packets.next());
    assertArrayEquals(broken, out.toByteArray());
  }

  @Test
  void forwardsBytesThatAreNoPackets() throws IOException {
    byte[] wire = {1, 2, 3, 4, 5};
    Packets packets = new Packets(new ByteArrayInputStream(wire));

    assertTrue(packets.awaitBytes());
    while (packets.forwardUnread(sink)) {}

    assertFalse(packets.awaitBytes());
    assertArrayEquals(wire, out.toByteArray());
  }

  private String nextPart(Packets packets) throws IOException {
    assertTrue(packets.next());
    packets.forward(sink);
    if (packets.startsMessage()) {
      return packets.endsMessage() ? "whole" : "start";
    }
    return packets.endsMessage() ? "end" : "middle";
  }
}
