package io.sluice.sandbox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import io.sluice.sandbox.server.process.Await;
import io.sluice.sandbox.server.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Checks that servers and their data are removed when the JVM that started them ends, however it
 * ends.
 */
class CrashIT {
  /**
   * Starts a process group, like the foreground job of a terminal. A shell starts background jobs
   * with these signals ignored, which children inherit, so the default action is restored.
   */
  private static final List<String> AS_IN_A_TERMINAL =
      List.of(
          "perl",
          "-MPOSIX",
          "-e",
          "POSIX::setsid(); $SIG{INT} = $SIG{QUIT} = 'DEFAULT'; exec @ARGV or die $!");

  private static final Duration BOUND = Duration.ofSeconds(30);

  /** {@code DockerCrashIT} tests containers. */
  private static final Map<String, String> NATIVE =
      Map.of(SandboxEnvironment.MYSQL_WAY, "debian", SandboxEnvironment.KAFKA_WAY, "maven");

  @TempDir private Path temporary;

  @BeforeAll
  static void needsDebian() {
    assumeTrue(
        SandboxEnvironment.ofThisProcess().executable("dpkg-deb").isPresent(),
        "the servers are Debian's here");
  }

  @Test
  void leavesNothingWhenTheJvmIsKilled() throws IOException {
    try (ChildJvm child = ChildJvm.start(temporary, ServersMain.class, NATIVE)) {
      child.awaitLine("ready ");
      List<ProcessHandle> processes = child.process().descendants().toList();
      assertEquals(2, folders().size(), () -> "folders of servers in " + temporary);
      assertTrue(processes.size() >= 4, () -> "two guards and two servers: " + processes);

      child.process().destroyForcibly();

      assertGone(processes);
    }
  }

  @Test
  @Tag("fault")
  void leavesNothingWhenTheJvmEndsWithoutClosing() throws IOException {
    try (ChildJvm child = ChildJvm.start(temporary, ServersMain.class, NATIVE)) {
      child.awaitLine("ready ");
      List<ProcessHandle> processes = child.process().descendants().toList();

      child.process().getOutputStream().close();

      assertGone(processes);
    }
  }

  /** A terminal sends the signal to every process of its foreground group. */
  @Test
  @Tag("fault")
  void letsTheJvmUseTheServersAfterControlC() throws IOException {
    assumeTrue(SandboxEnvironment.ofThisProcess().executable("perl").isPresent());
    try (ChildJvm child = ChildJvm.start(AS_IN_A_TERMINAL, temporary, ServersMain.class, NATIVE)) {
      child.awaitLine("ready ");
      List<ProcessHandle> processes = child.process().descendants().toList();

      String interrupt = "kill -s INT -- -" + child.process().pid();
      assertEquals(0, Command.run(List.of("sh", "-c", interrupt), Map.of(), BOUND).status());

      assertGone(processes);
      assertTrue(Files.exists(temporary.resolve("served-while-shutting-down")), child::text);
    }
  }

  private void assertGone(List<ProcessHandle> processes) throws IOException {
    Await.until(BOUND, () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    assertEquals(List.of(), processes.stream().filter(ProcessHandle::isAlive).toList());
    assertEquals(List.of(), folders());
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("sluice-sandbox-"))
          .toList();
    }
  }
}
