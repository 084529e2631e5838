package io.sluice.sandbox.server.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.server.ChildJvm;
import io.sluice.sandbox.server.SandboxServers;
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

/**
 * Runs builds with separate test JVMs, whose holder attaches to the servers of this build. {@code
 * CrashIT} proves that servers end with the JVM that started them.
 */
class BuildIT {
  private static final Duration BOUND = Duration.ofMinutes(1);

  @TempDir private Path temporary;

  @Test
  void startsOneHolderForABuildAndAnotherWhenItDied() throws IOException {
    try (ChildJvm build = ChildJvm.start(temporary, BuildMain.class, servers())) {
      String first = runTestJvm(build, "first");
      assertTrue(first.startsWith("sandbox: "), first);
      ProcessHandle holder = holder(build);
      assertEquals(first, runTestJvm(build, "second"));
      assertEquals(holder, holder(build));

      holder.destroyForcibly();
      assertTrue(Await.until(BOUND, () -> !holder.isAlive()));

      assertEquals(first, runTestJvm(build, "third"));
      assertNotEquals(holder, holder(build));
      assertLeavesNothing(build, holder(build));
    }
  }

  @Test
  void reportsToTheTestWhyTheServersDidNotStart() throws IOException {
    Map<String, String> wrong = Map.of(SandboxEnvironment.MYSQL_WAY, "abacus");
    try (ChildJvm build = ChildJvm.start(temporary, BuildMain.class, wrong)) {
      String failure = runTestJvm(build, "failing");
      assertTrue(failure.contains("SLUICE_SANDBOX_MYSQL=abacus names no way"), failure);
    }
  }

  private static Map<String, String> servers() {
    SandboxServers shared = SharedServers.get();
    return Map.of(
        SandboxEnvironment.MYSQL_WAY, "environment",
        SandboxEnvironment.MYSQL_URL, shared.mysql().adminUrl(),
        SandboxEnvironment.MYSQL_USER, shared.mysql().adminUser(),
        SandboxEnvironment.MYSQL_PASSWORD, shared.mysql().adminPassword(),
        SandboxEnvironment.KAFKA_WAY, "environment",
        SandboxEnvironment.KAFKA_BOOTSTRAP, shared.kafka().bootstrapServers());
  }

  private void assertLeavesNothing(ChildJvm build, ProcessHandle holder) {
    assertTrue(holder.isAlive());
    build.process().destroyForcibly();
    assertTrue(Await.until(BOUND, () -> !holder.isAlive()), "the holder outlives its build");
    assertTrue(Await.until(BOUND, () -> left().isEmpty()), () -> left().toString());
  }

  /** The names of the files in the folder of the build. */
  private List<String> left() {
    try (Stream<Path> files = Files.list(temporary.resolve("build"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
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
