package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.SandboxServers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The resources of a test class, from its start to its end.
 *
 * @param testClass the class
 * @param threads the threads that ran before the class
 * @param sandbox the sandbox of the class
 */
record TestClassScope(Class<?> testClass, ThreadWatch threads, Sandbox sandbox) {
  static TestClassScope begin(Class<?> testClass, SandboxServers servers) {
    return new TestClassScope(
        testClass, ThreadWatch.begin(), new Sandbox(servers, Names.of(testClass.getSimpleName())));
  }

  /**
   * Drops what the class created, and fails if the class leaked a thread or a connection.
   *
   * @param bound how long threads and connections may take to end
   */
  void end(Duration bound) {
    List<String> leaks = new ArrayList<>(threads.leaks(bound));
    try {
      leaks.addAll(sandbox.leakedConnections(bound));
    } finally {
      sandbox.drop();
    }
    if (!leaks.isEmpty()) {
      throw new AssertionError(
          testClass.getName()
              + " left behind, "
              + bound.toSeconds()
              + " s after its last test:\n"
              + String.join("\n", leaks));
    }
  }
}
