package io.sluice.sandbox.proxy;

/** How a connection is ended, on both sides. */
public enum Cut {
  /** Orderly (FIN): the client reads all forwarded data, then the end of the stream. */
  CLOSE,

  /**
   * Abruptly (RST): the client's next read fails. As on a real network, it may lose data that it
   * has not read yet.
   */
  RESET
}
