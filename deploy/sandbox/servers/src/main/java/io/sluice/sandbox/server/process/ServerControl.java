package io.sluice.sandbox.server.process;

/** Control of a running server. Thread-safe. */
public interface ServerControl extends AutoCloseable {
  /** Whether the other methods are supported; false for a server that was started elsewhere. */
  boolean isOurs();

  /** Ends the server in an orderly way and keeps its data. */
  void stop();

  /** Kills the server at once and keeps its data. */
  void kill();

  /** Starts the server with the same port and data; stops it first if it runs. */
  void restart();

  /** Ends the server and removes its data, if it was started here. Idempotent. */
  @Override
  void close();
}
