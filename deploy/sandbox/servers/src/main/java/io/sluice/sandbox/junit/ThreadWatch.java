package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.process.Await;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds threads that were started and did not end.
 *
 * @param before the threads that ran at the beginning
 */
record ThreadWatch(Set<Thread> before) {
  ThreadWatch {
    before = Set.copyOf(before);
  }

  static ThreadWatch begin() {
    return new ThreadWatch(Thread.getAllStackTraces().keySet());
  }

  /**
   * Waits until the threads that were started since the beginning have ended.
   *
   * @return a description of each thread that still runs when the bound has passed
   */
  List<String> leaks(Duration bound) {
    Await.until(bound, () -> remaining().isEmpty());
    return remaining().stream().map(ThreadWatch::describe).toList();
  }

  private List<Thread> remaining() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .filter(thread -> !thread.equals(Thread.currentThread()))
        .filter(Thread::isAlive)
        .filter(thread -> !HousekeepingThreads.includes(thread))
        .toList();
  }

  private static String describe(Thread thread) {
    String stack =
        Arrays.stream(thread.getStackTrace())
            .map(frame -> "\n    at " + frame)
            .collect(Collectors.joining());
    return "  thread \""
        + thread.getName()
        + "\" ("
        + thread.getState()
        + (thread.isDaemon() ? ", daemon" : "")
        + ")"
        + stack;
  }
}
