package io.sluice.sandbox.server.internal.way;

/**
 * A way to get a server.
 *
 * @param <S> the running server
 */
public interface Way<S> {
  /** The value of the switch that forces this way. */
  String name();

  /** Whether it can be gone; cheap, starts nothing. */
  Applicability check();

  /** Whether the server is one that is started for it, so that it may be killed. */
  default boolean isOurs() {
    return true;
  }

  /** Gets the server, ready for use. */
  S start();
}
