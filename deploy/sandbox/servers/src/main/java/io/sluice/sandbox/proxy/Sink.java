package io.sluice.sandbox.proxy;

import java.io.IOException;

/** A destination of forwarded bytes, which may block. */
interface Sink {
  /** Forwards the first bytes of an array. */
  void write(byte[] bytes, int length) throws IOException;
}
