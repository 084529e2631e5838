package io.sluice.relay.ops;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads that answer requests. */
final class OpsThreads {

  private static final int THREADS = 3;
  private static final int WAITING_REQUESTS = 64;
  private static final long IDLE_SECONDS = 60;

  /** System properties of the JDK's server, in seconds; it offers no other way to set them. */
  private static final String REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";

  private static final String RESPONSE_SECONDS = "sun.net.httpserver.maxRspTime";
  private static final String LIMIT_SECONDS = "5";

  private OpsThreads() {}

  /** Prevents slow clients from blocking the threads that answer probes. */
  static void boundRequests() {
    for (String property : new String[] {REQUEST_SECONDS, RESPONSE_SECONDS}) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, LIMIT_SECONDS);
      }
    }
  }

  static ExecutorService open() {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_REQUESTS),
            task -> {
              Thread thread = new Thread(task, "sluice-ops-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }
}
