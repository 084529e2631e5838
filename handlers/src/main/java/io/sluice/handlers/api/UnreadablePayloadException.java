package io.sluice.handlers.api;

import java.lang.reflect.Type;

/**
 * A handler cannot read an event's payload. A retry would not change that, so this exception is
 * final by {@link RetryPolicy#DEFAULT}.
 *
 * <p>It has no cause, because a parser's message can quote the payload, which must not appear in
 * logs and rows. The message names the event, the type, and the location in the payload.
 */
public final class UnreadablePayloadException extends HandlersException {

  private static final long serialVersionUID = 1;

  /**
   * Creates the exception. Also for handlers that read payloads themselves.
   *
   * @param event the event with the unreadable payload
   * @param type the expected type
   * @param reason the reason, without any content of the payload
   */
  public UnreadablePayloadException(HandledEvent event, Type type, String reason) {
    super(
        "the payload of %s cannot be read as %s, %s: correct the type or what writes such events"
            .formatted(event, type.getTypeName(), reason));
  }
}
