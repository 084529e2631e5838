package io.sluice.sandbox.proxy;

/** How a connection is ended, on both of its sides. */
public enum Cut {
  /** In an orderly way (FIN): the client reads all that was forwarded, then the end. */
  CLOSE,

  /**
   * Abruptly (RST): the client's next read fails. As on a real network, it may lose what it had not
   * read yet.
   */
  RESET
}
