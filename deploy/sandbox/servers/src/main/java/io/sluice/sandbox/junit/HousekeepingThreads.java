package io.sluice.sandbox.junit;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Threads that a library or the JVM starts once for the whole process and never ends. A test cannot
 * end them, so they are no leak.
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
          // What virtual threads need beside their carriers.
          Pattern.compile("VirtualThread-unblocker|ForkJoinPool-\\d+-delayScheduler"),
          Pattern.compile("(Master|Read|Write)-?Poller.*"),
          // The JDK's HTTP client cannot be closed before Java 21; the collector ends its threads.
          Pattern.compile("HttpClient-\\d+-.*"),
          // The JVM itself, on demand: signals, attaching tools, compiler threads.
          Pattern.compile("Signal Dispatcher|SIG[A-Z]+ handler|Attach Listener|DestroyJavaVM"),
          Pattern.compile("C[12] CompilerThread\\d+|Notification Thread|Service Thread"),
          // JUnit's timeouts, Surefire's link to Maven.
          Pattern.compile("junit-.*"),
          Pattern.compile("surefire-.*|ping-timer-.*|fork-.*"),
          // MySQL's driver, for connections nobody closed.
          Pattern.compile("mysql-cj-abandoned-connection-cleanup"),
          // Testcontainers and what it uses.
          Pattern.compile("testcontainers-.*|ducttape-.*|docker-java-.*|JNA Cleaner"));

  private HousekeepingThreads() {}

  static boolean includes(Thread thread) {
    return isCarrier(thread) || includes(thread.getName());
  }

  /** What virtual threads run on; by name they cannot be told from a pool that a test made. */
  private static boolean isCarrier(Thread thread) {
    return thread.getClass().getName().equals("jdk.internal.misc.CarrierThread")
        || thread.getName().startsWith("VirtualThread-unparker");
  }

  private static boolean includes(String name) {
    return NAMES.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
