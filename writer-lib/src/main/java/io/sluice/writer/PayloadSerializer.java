package io.sluice.writer;

import io.sluice.outbox.EventPayload;

/**
 * Makes what is stored of the object an event carries. Implementations are thread-safe.
 *
 * <pre>{@code
 * PayloadSerializer avro = value -> new EventPayload.Bytes(encoder.encode((SpecificRecord) value));
 * }</pre>
 */
@FunctionalInterface
public interface PayloadSerializer {

  /**
   * The payload to store.
   *
   * @return never null: that is refused with a {@link PayloadException}, as what it throws is
   * @throws Exception whatever went wrong; the writer tells which event it was
   */
  EventPayload.Stored serialize(Object value) throws Exception;
}
