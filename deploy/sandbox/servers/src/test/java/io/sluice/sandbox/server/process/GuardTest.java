package io.sluice.sandbox.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class GuardTest {
  private static final Duration BOUND = Duration.ofSeconds(20);

  @Test
  void runsACommandInItsFolderAndKeepsItsOutputAndStatus() {
    try (Guard guard = Guard.open("guard-test")) {
      GuardedProcess process =
          guard.run(
              "echo", List.of("sh", "-c", "pwd; echo \"$1\"; exit 7", "sh", "it's $HOME \"x\""));
      assertTrue(process.awaitEnd(BOUND));
      assertEquals(7, process.status());
      assertEquals(
          "Last lines of its log:\n  " + guard.folder() + "\n  it's $HOME \"x\"",
          process.logTail());
    }
  }

  @Test
  void killsWhatStillRunsAndRemovesTheFolder() {
    Guard guard = Guard.open("guard-test");
    GuardedProcess process = guard.run("wait", List.of("sleep", "600"));
    Path folder = guard.folder();
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();
    assertTrue(process.isAlive());

    guard.close();
    guard.close();

    assertFalse(Files.exists(folder));
    assertFalse(handle.isAlive());
  }

  /** JUnit removes a temporary folder in this way. */
  @Test
  void killsWhatStillRunsThoughTheFolderIsGone() throws IOException {
    Guard guard = Guard.open("guard-test");
    GuardedProcess killedByHand = guard.run("first", List.of("sleep", "600"));
    GuardedProcess process = guard.run("second", List.of("sleep", "600"));
    ProcessHandle handle = ProcessHandle.of(process.pid()).orElseThrow();

    Folder.remove(guard.folder());
    killedByHand.kill(BOUND);
    assertTrue(process.isAlive());
    guard.close();

    assertFalse(handle.isAlive());
    assertFalse(process.isAlive());
    assertFalse(Files.exists(guard.folder()));
  }

  @Test
  void takesItsProcessesAlongWhenItIsKilled() throws IOException {
    Guard guard = Guard.open("guard-test");
    GuardedProcess process = guard.run("wait", List.of("sleep", "600"));

    shellOf(process).destroyForcibly();

    assertTrue(process.awaitEnd(BOUND));
    assertEquals(128 + 9, process.status());
    Folder.remove(guard.folder());
  }

  @Test
  void noticesAtOnceThatAProcessWasKilled() {
    try (Guard guard = Guard.open("guard-test")) {
      GuardedProcess process = guard.run("wait", List.of("sleep", "600"));
      process.kill(BOUND);
      assertEquals(128 + 9, process.status());
      process.kill(BOUND);
    }
  }

  @Test
  void runsTheSameProgramAgain() {
    try (Guard guard = Guard.open("guard-test")) {
      GuardedProcess first = guard.run("program", List.of("true"));
      GuardedProcess second = guard.run("program", List.of("false"));
      assertTrue(first.awaitEnd(BOUND));
      assertTrue(second.awaitEnd(BOUND));
      assertEquals(0, first.status());
      assertEquals(1, second.status());
    }
  }

  /**
   * A CI that stops a build terminates every process. The guard must survive this to end the
   * others.
   */
  @Test
  void outlivesAnOrderToEndWhileItsJvmLives() {
    try (Guard guard = Guard.open("guard-test")) {
      GuardedProcess process = guard.run("wait", List.of("sleep", "600"));
      List<ProcessHandle> shells =
          ProcessHandle.current()
              .descendants()
              .filter(child -> child.pid() != process.pid())
              .toList();
      shells.forEach(ProcessHandle::destroy);
      GuardedProcess next = guard.run("next", List.of("true"));
      assertTrue(next.awaitEnd(BOUND));
      assertTrue(process.isAlive());
      process.terminate();
      assertTrue(process.awaitEnd(BOUND));
      assertEquals(128 + 15, process.status());
    }
  }

  private static ProcessHandle shellOf(GuardedProcess process) {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.descendants().anyMatch(below -> below.pid() == process.pid()))
        .findFirst()
        .orElseThrow();
  }
}
