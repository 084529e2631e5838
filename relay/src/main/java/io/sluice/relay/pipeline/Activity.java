package io.sluice.relay.pipeline;

import java.time.Duration;

/**
 * When an engine was last heard of. MySQL sends a heartbeat whenever it has nothing else to send,
 * so silence means that the connection is gone, even if nobody has noticed. Thread-safe.
 */
public final class Activity {

  private volatile long lastHeardOf = System.nanoTime();
  private volatile boolean handling;
  private volatile boolean begun; // written by the engine's thread alone

  void begin() {
    handling = true;
  }

  void end(boolean success) {
    lastHeardOf = System.nanoTime();
    begun |= success;
    handling = false;
  }

  /** Whether a first batch was handled. */
  public boolean hasBegun() {
    return begun;
  }

  /** Whether a batch is being handled. */
  public boolean isHandling() {
    return handling;
  }

  /** For how long nothing came; zero while a batch is being handled. */
  public Duration silence() {
    return handling ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastHeardOf);
  }
}
