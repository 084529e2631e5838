package io.sluice.sandbox.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLockedTest {
  @TempDir private Path folder;

  @Test
  void letsOneInAtATime() {
    Path file = folder.resolve("new/lock");
    Duration bound = Duration.ofMillis(100);
    String result =
        FileLocked.call(
            file,
            bound,
            () -> {
              IllegalStateException refusal =
                  assertThrows(
                      IllegalStateException.class,
                      () -> FileLocked.call(file, bound, () -> "inner"));
              assertTrue(refusal.toString().contains(file + " is locked"));
              return "outer";
            });
    assertEquals("outer", result);
    assertEquals("again", FileLocked.call(file, bound, () -> "again"));
  }
}
