package io.sluice.sandbox.proxy;

/** Where bytes of a connection go. */
public enum Direction {
  TO_SERVER,
  TO_CLIENT
}
