package io.sluice.handlers.api;

/** The base of this module's exceptions. A message states what failed, why, and how to fix it. */
public abstract sealed class HandlersException extends RuntimeException
    permits HandlerTimeoutException,
        MissingRowException,
        InvalidSettingsException,
        UnhandledEventException,
        UnreadablePayloadException {

  private static final long serialVersionUID = 1;

  HandlersException(String message) {
    super(message);
  }
}
