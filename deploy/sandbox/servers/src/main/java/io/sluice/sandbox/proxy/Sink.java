package io.sluice.sandbox.proxy;

import java.io.IOException;

/** Where bytes are forwarded to; may make its caller wait. */
interface Sink {
  /** Forwards the first bytes of an array. */
  void write(byte[] bytes, int length) throws IOException;
}
