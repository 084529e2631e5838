package io.sluice.sandbox.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DumpPacketsTest {
  @Test
  void findsBothVersionsOfWriteRows() throws IOException {
    assertEquals(
        List.of("", "start end", "start end", ""),
        look(
            Wire.event(Wire.TABLE_MAP, 40),
            Wire.event(23, 40),
            Wire.event(Wire.WRITE_ROWS, 0),
            Wire.event(Wire.UPDATE_ROWS, 40)));
  }

  @Test
  void countsAnEventOfManyPacketsOnce() throws IOException {
    byte[] payload = Wire.eventPayload(Wire.WRITE_ROWS, Wire.GREATEST_LENGTH + 100);
    // The second packet of the event begins like another write-rows event.
    byte[] rest = Wire.eventPayload(Wire.WRITE_ROWS, 100);
    assertEquals(
        List.of("start", "end", ""),
        look(
            Wire.packet(1, Arrays.copyOf(payload, Wire.GREATEST_LENGTH)),
            Wire.packet(2, rest),
            Wire.event(Wire.UPDATE_ROWS, 1)));
  }

  @Test
  void takesAnErrorForNoEvent() throws IOException {
    byte[] error = new byte[40];
    error[0] = (byte) 0xff;
    error[5] = Wire.WRITE_ROWS;
    assertEquals(List.of("", ""), look(Wire.packet(1, error), Wire.packet(2, (byte) 0xfe)));
  }

  private static List<String> look(byte[]... wire) throws IOException {
    Packets packets = new Packets(new ByteArrayInputStream(Wire.concat(wire)));
    DumpPackets dump = new DumpPackets();
    List<String> found = new ArrayList<>();
    while (packets.next()) {
      dump.look(packets);
      String start = dump.startsWriteRows(packets) ? "start " : "";
      found.add((start + (dump.endsWriteRows(packets) ? "end" : "")).strip());
      packets.forward((bytes, length) -> {});
    }
    return found;
  }
}
