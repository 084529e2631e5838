package io.sluice.relay.supervise;

import io.sluice.relay.binlog.DebeziumReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads of closed runs that did not end although they were interrupted. They keep memory and
 * connections, so a process with many of them should be restarted. Thread-safe.
 */
public final class LeakedThreads {

  private final List<DebeziumReader> engines = new ArrayList<>(); // guarded by this
  private final List<Thread> threads = new ArrayList<>(); // guarded by this

  synchronized void noteEngine(DebeziumReader closed) {
    if (closed.liveThreads() > 0) {
      engines.add(closed);
    }
  }

  synchronized void noteThread(Thread thread) {
    threads.add(thread);
  }

  /** The current number of leaked threads. It decreases when threads end late. */
  public synchronized int count() {
    engines.removeIf(engine -> engine.liveThreads() == 0);
    threads.removeIf(thread -> !thread.isAlive());
    return threads.size() + engines.stream().mapToInt(DebeziumReader::liveThreads).sum();
  }
}
