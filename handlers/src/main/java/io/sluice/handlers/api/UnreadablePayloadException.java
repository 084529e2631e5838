package io.sluice.handlers.api;

import java.lang.reflect.Type;

/**
 * An event's payload is not what its handler reads. No further attempt would change that, so by
 * {@link RetryPolicy#DEFAULT} it is final.
 *
 * <p>It keeps no cause: what a parser says may quote the payload, which does not belong in logs and
 * rows. The message names the event, the type, and the place within the payload.
 */
public final class UnreadablePayloadException extends HandlersException {

  private static final long serialVersionUID = 1;

  /**
   * For handlers that read payloads themselves.
   *
   * @param event whose payload it is
   * @param type what it was to be read as
   * @param reason why it cannot be, without the payload's content, which does not belong in logs
   *     and rows
   */
  public UnreadablePayloadException(HandledEvent event, Type type, String reason) {
    super(
        "the payload of %s cannot be read as %s, %s: correct the type or what writes such events"
            .formatted(event, type.getTypeName(), reason));
  }
}
