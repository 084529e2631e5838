package io.sluice.handlers.api;

/** An event's payload is not what its handler reads. No further attempt would change that. */
public final class UnreadablePayloadException extends HandlersException {

  private static final long serialVersionUID = 1;

  /**
   * @param reason without the payload's content, which does not belong in logs and rows
   */
  public UnreadablePayloadException(HandledEvent event, Class<?> type, String reason) {
    super(
        "the payload of %s cannot be read as %s, %s: correct the type or what writes such events"
            .formatted(event, type.getName(), reason));
  }
}
