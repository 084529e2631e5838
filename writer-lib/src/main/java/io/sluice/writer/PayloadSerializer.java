package io.sluice.writer;

import io.sluice.outbox.EventPayload;

/**
 * Converts payload objects to stored payloads. Implementations are thread-safe.
 *
 * <pre>{@code
 * PayloadSerializer avro = value -> new EventPayload.Bytes(encoder.encode((SpecificRecord) value));
 * }</pre>
 */
@FunctionalInterface
public interface PayloadSerializer {

  /**
   * Converts one object.
   *
   * @return the payload to store; null is refused with a {@link PayloadException}
   * @throws Exception any failure; becomes the cause of a {@link PayloadException}, which names the
   *     event
   */
  EventPayload.Stored serialize(Object value) throws Exception;
}
