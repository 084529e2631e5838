package io.sluice.sandbox.server.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.ChildJvm;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.Await;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds with test JVMs of their own, and how long their servers live. */
class BuildIT {
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir private Path temporary;

  @Test
  void startsTheServersOnceABuildAndAgainWhenTheirHolderDied() throws IOException {
    try (ChildJvm build = ChildJvm.start(temporary, BuildMain.class, Map.of())) {
      String first = runTestJvm(build, "first");
      assertTrue(first.startsWith("sandbox: "), first);
      assertEquals(first, runTestJvm(build, "second"));

      ProcessHandle holder = holder(build);
      holder.destroyForcibly();
      assertTrue(Await.until(BOUND, () -> !holder.isAlive()));

      assertNotEquals(first, runTestJvm(build, "third"));
      assertLeavesNothing(build, holder(build));
    }
  }

  @Test
  void tellsTheTestWhyTheServersDidNotStart() throws IOException {
    Map<String, String> wrong = Map.of(SandboxEnvironment.MYSQL_WAY, "abacus");
    try (ChildJvm build = ChildJvm.start(temporary, BuildMain.class, wrong)) {
      String failure = runTestJvm(build, "failing");
      assertTrue(failure.contains("SLUICE_SANDBOX_MYSQL=abacus names no way"), failure);
    }
  }

  private void assertLeavesNothing(ChildJvm build, ProcessHandle holder) {
    assertTrue(holder.isAlive());
    build.process().destroyForcibly();
    assertTrue(Await.until(BOUND, () -> !holder.isAlive()), "the holder outlives its build");
    assertTrue(Await.until(BOUND, () -> left().isEmpty()), () -> left().toString());
  }

  /** What the folders of the build and of the servers hold. */
  private List<String> left() {
    try (Stream<Path> build = Files.list(temporary.resolve("build"));
        Stream<Path> servers = Files.list(temporary)) {
      return Stream.concat(build, servers.filter(file -> name(file).startsWith("sluice")))
          .map(BuildIT::name)
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private String runTestJvm(ChildJvm build, String name) throws IOException {
    build.process().getOutputStream().write((name + "\n").getBytes(StandardCharsets.UTF_8));
    build.process().getOutputStream().flush();
    build.awaitLine(name + " ended ");
    return Files.readString(temporary.resolve(name + ".log"))
        .lines()
        .filter(line -> !line.startsWith("SLF4J"))
        .reduce("", (one, other) -> one.isEmpty() ? other : one + "\n" + other);
  }

  private ProcessHandle holder(ChildJvm build) {
    BuildOwner owner = BuildOwner.of(build.process().toHandle()).orElseThrow();
    RendezvousFiles files = new RendezvousFiles(temporary.resolve("build"), owner);
    assertFalse(files.read().isEmpty(), "no rendezvous of a living holder");
    return files.read().flatMap(found -> found.holder().process()).orElseThrow();
  }
}
