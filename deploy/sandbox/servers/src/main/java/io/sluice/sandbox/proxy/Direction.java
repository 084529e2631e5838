package io.sluice.sandbox.proxy;

/** The direction of data on a connection. */
public enum Direction {
  TO_SERVER,
  TO_CLIENT
}
