package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.SandboxServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A test class's stay on the servers.
 *
 * @param testClass the class
 * @param threads the threads there were before it
 * @param sandbox what it is given
 */
record Visit(Class<?> testClass, ThreadWatch threads, Sandbox sandbox) {
  private static final Duration BOUND = Duration.ofSeconds(10);

  static Visit begin(Class<?> testClass, SandboxServers servers) {
    return new Visit(
        testClass, ThreadWatch.begin(), new Sandbox(servers, Names.of(testClass.getSimpleName())));
  }

  /** Drops what the class made and fails if it left something behind. */
  void end() {
    List<String> leaks = new ArrayList<>(threads.leaks(BOUND));
    try {
      leaks.addAll(sandbox.leakedConnections(BOUND));
    } finally {
      sandbox.drop();
    }
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          testClass.getName()
              + " left behind, "
              + BOUND.toSeconds()
              + " s after its last test:\n"
              + String.join("\n", leaks));
    }
  }
}
