package io.sluice.sandbox.proxy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.sandbox.proxy.ClientPackets.Finding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientPacketsTest {
  private static final byte[] PLAIN = Wire.login(0x0200);

  @Test
  void findsADumpByPositionAndOneByTransactionIds() throws IOException {
    assertEquals(
        List.of(Finding.NOTHING, Finding.NOTHING, Finding.DUMP, Finding.DUMP),
        findings(PLAIN, Wire.command(0x03), Wire.command(0x12), Wire.command(0x1e)));
  }

  @Test
  void findsEncryptionAndCompressionInTheAnswerToTheGreeting() throws IOException {
    for (int capability : new int[] {1 << 5, 1 << 11, 1 << 26}) {
      assertEquals(List.of(Finding.OPAQUE), findings(Wire.login(0x0200 | capability)));
    }
  }

  @Test
  void takesNothingForADumpThatIsNoCommand() throws IOException {
    byte[] dumpLike = {0x12, 0, 0, 0};
    byte[] great = new byte[Wire.GREATEST_LENGTH];
    assertEquals(
        List.of(Finding.NOTHING, Finding.NOTHING, Finding.NOTHING, Finding.NOTHING),
        findings(
            PLAIN,
            Wire.packet(3, dumpLike), // a password
            Wire.packet(255, great),
            Wire.packet(0, dumpLike))); // a later packet of a message
  }

  private static List<Finding> findings(byte[]... wire) throws IOException {
    Packets packets = new Packets(new ByteArrayInputStream(Wire.concat(wire)));
    ClientPackets client = new ClientPackets();
    List<Finding> findings = new ArrayList<>();
    while (packets.next()) {
      findings.add(client.look(packets));
      packets.forward((bytes, length) -> {});
    }
    return findings;
  }
}
