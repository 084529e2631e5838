package io.sluice.sandbox.server.process;

/** Power over a running server. Thread-safe. */
public interface ServerControl extends AutoCloseable {
  /** Whether the other methods are supported: not for a server that others started. */
  boolean isOurs();

  /** Ends the server in an orderly way and keeps its data. */
  void stop();

  /** Kills the server at once and keeps its data. */
  void kill();

  /** Starts the server on the same port and data, after stopping it where it runs. */
  void restart();

  /** Ends the server where it is ours and removes its data. Idempotent. */
  @Override
  void close();
}
