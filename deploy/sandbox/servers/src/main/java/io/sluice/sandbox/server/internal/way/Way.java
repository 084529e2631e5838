package io.sluice.sandbox.server.internal.way;

/**
 * A way to get a server.
 *
 * @param <S> the running server
 */
public interface Way<S> {
  /** The value of the switch that forces this way. */
  String name();

  /** Whether this way applies on this machine. Cheap; starts nothing. */
  Applicability check();

  /** Whether this way starts the server, so that it may be killed. */
  default boolean isOurs() {
    return true;
  }

  /** Starts or finds the server and waits until it is ready. */
  S start();
}
