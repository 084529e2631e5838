package io.sluice.relay.pipeline;

import java.time.Duration;

/**
 * The time of an engine's last sign of life. MySQL sends heartbeats while it has nothing else to
 * send, so silence means that the connection is lost, even if no error was raised. Thread-safe.
 */
public final class Activity {

  private volatile long lastSignOfLife = System.nanoTime();
  private volatile boolean handling;
  private volatile boolean begun; // written only by the engine's thread

  void begin() {
    handling = true;
  }

  void end(boolean success) {
    lastSignOfLife = System.nanoTime();
    begun |= success;
    handling = false;
  }

  /** Whether the first batch has been handled. */
  public boolean hasBegun() {
    return begun;
  }

  /** Whether a batch is being handled. */
  public boolean isHandling() {
    return handling;
  }

  /** The time since the last sign of life; zero while a batch is being handled. */
  public Duration silence() {
    return handling ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastSignOfLife);
  }
}
