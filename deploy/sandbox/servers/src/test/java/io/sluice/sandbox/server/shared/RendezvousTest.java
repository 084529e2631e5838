package io.sluice.sandbox.server.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RendezvousTest {
  private static final BuildOwner SELF = BuildOwner.of(ProcessHandle.current()).orElseThrow();
  private static final MySqlAddress MYSQL =
      new MySqlAddress("127.0.0.1", 3306, "a=b&c=d", new Login("admin", "s ecr=et\u00e9"));

  @TempDir private Path folder;

  @Test
  void isReadAsItWasWritten() {
    RendezvousFiles files = new RendezvousFiles(folder, SELF);
    files.write(rendezvous(SELF));
    assertEquals(Optional.of(rendezvous(SELF)), files.read());
    files.remove();
    assertEquals(Optional.empty(), files.read());
  }

  @Test
  void isStaleWhenItsHolderIsDead() {
    RendezvousFiles files = new RendezvousFiles(folder, SELF);
    BuildOwner sameIdEarlier = new BuildOwner(SELF.pid(), Instant.EPOCH);
    files.write(rendezvous(sameIdEarlier));
    assertEquals(Optional.empty(), files.read());
  }

  @Test
  void isNotSharedWithAnotherBuild() {
    new RendezvousFiles(folder, SELF).write(rendezvous(SELF));
    BuildOwner other = new BuildOwner(SELF.pid() + 1, SELF.start());
    assertEquals(Optional.empty(), new RendezvousFiles(folder, other).read());
  }

  /** The file contains a password. */
  @Test
  void canBeReadByThisUserAlone() throws IOException {
    new RendezvousFiles(folder, SELF).write(rendezvous(SELF));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertEquals(
            "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
      }
    }
  }

  @Test
  void saysWhatIsMissingInTheFile() {
    IllegalArgumentException failure =
        assertThrows(IllegalArgumentException.class, () -> Rendezvous.parse(new Properties()));
    assertTrue(failure.toString().contains("has no holder"), failure.toString());
  }

  private static Rendezvous rendezvous(BuildOwner holder) {
    return new Rendezvous(holder, MYSQL, "MySQL here", "127.0.0.1:9092", "Kafka here");
  }
}
