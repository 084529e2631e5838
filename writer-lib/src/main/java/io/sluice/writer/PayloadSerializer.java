package io.sluice.writer;

/** Makes JSON text of the object an event carries. Implementations are thread-safe. */
@FunctionalInterface
public interface PayloadSerializer {

  /**
   * The text to store, one JSON value.
   *
   * @throws Exception whatever went wrong; the writer tells which event it was
   */
  String serialize(Object value) throws Exception;
}
