package io.sluice.sandbox.server.internal.way;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.sandbox.server.process.CachedFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxEnvironmentTest {
  @TempDir private Path folder;

  @Test
  void takesABlankVariableForOneThatIsNotSet() {
    SandboxEnvironment environment = new SandboxEnvironment(Map.of("A", " ", "B", " b "));
    assertEquals(Optional.empty(), environment.value("A"));
    assertEquals(Optional.of("b"), environment.value("B"));
    assertEquals(Optional.empty(), environment.value("C"));
  }

  @Test
  void findsTheFirstExecutableOnThePath() throws IOException {
    Path plain = Files.createFile(Files.createDirectory(folder.resolve("plain")).resolve("tool"));
    Path tool = Files.createFile(Files.createDirectory(folder.resolve("bin")).resolve("tool"));
    assertEquals(true, tool.toFile().setExecutable(true));
    String path = plain.getParent() + File.pathSeparator + tool.getParent();
    SandboxEnvironment environment = new SandboxEnvironment(Map.of("PATH", path));
    assertEquals(Optional.of(tool), environment.executable("tool"));
    assertEquals(Optional.empty(), environment.executable("other"));
  }

  @Test
  void cachesWhereXdgSays() {
    Path elsewhere = folder.resolve("cache").toAbsolutePath();
    assertEquals(
        new CachedFolder(elsewhere.resolve("sluice-sandbox").resolve("a")),
        new SandboxEnvironment(Map.of("XDG_CACHE_HOME", elsewhere.toString())).cached("a"));
    assertEquals(
        new CachedFolder(Path.of(System.getProperty("user.home"), ".cache", "sluice-sandbox", "a")),
        new SandboxEnvironment(Map.of("XDG_CACHE_HOME", "relative")).cached("a"));
  }
}
