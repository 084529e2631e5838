package io.sluice.sandbox.junit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Threads that a library or the JVM starts once for the process and never ends. They are not leaks,
 * because a test cannot end them.
 */
final class HousekeepingThreads {
  private static final List<Pattern> NAMES =
      List.of(
          // The JDK: child processes, cleaners, the common pool, delayed completable futures.
          Pattern.compile("process reaper.*"),
          Pattern.compile("Common-Cleaner"),
          Pattern.compile("Cleaner-\\d+"),
          Pattern.compile("ForkJoinPool\\.commonPool-.*"),
          Pattern.compile("CompletableFutureDelayScheduler"),
          Pattern.compile("InnocuousThread-.*"),
          Pattern.compile("Keep-Alive-Timer|Keep-Alive-SocketCleaner"),
          // Threads that serve virtual threads, in addition to the carriers.
          Pattern.compile("VirtualThread-unblocker|ForkJoinPool-\\d+-delayScheduler"),
          Pattern.compile("(Master|Read|Write)-?Poller.*"),
          // The JDK's HTTP client has no close() before Java 21; garbage collection ends its
          // threads.
          Pattern.compile("HttpClient-\\d+-.*"),
          // The JVM itself, on demand: signals, attaching tools, compiler threads.
          Pattern.compile("Signal Dispatcher|SIG[A-Z]+ handler|Attach Listener|DestroyJavaVM"),
          Pattern.compile("C[12] CompilerThread\\d+|Notification Thread|Service Thread"),
          // JUnit's timeouts, Surefire's link to Maven.
          Pattern.compile("junit-.*"),
          Pattern.compile("surefire-.*|ping-timer-.*|fork-.*"),
          // MySQL's driver, for connections that were not closed.
          Pattern.compile("mysql-cj-abandoned-connection-cleanup"),
          // Testcontainers and its libraries.
          Pattern.compile("testcontainers-.*|ducttape-.*|docker-java-.*|JNA Cleaner"));

  private HousekeepingThreads() {}

  static boolean includes(Thread thread) {
    return isCarrier(thread) || includes(thread.getName());
  }

  /**
   * Whether the thread is a carrier of virtual threads. The check does not use its name, because a
   * pool that a test creates has the same names.
   */
  private static boolean isCarrier(Thread thread) {
    return thread.getClass().getName().equals("jdk.internal.misc.CarrierThread")
        || thread.getName().startsWith("VirtualThread-unparker");
  }

  private static boolean includes(String name) {
    return NAMES.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
