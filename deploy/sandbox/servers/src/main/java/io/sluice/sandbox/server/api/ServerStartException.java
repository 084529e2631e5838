package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/**
 * A server did not start: it ended, was not ready in time, or could not be downloaded. The message
 * contains the last lines of its log.
 */
public final class ServerStartException extends SandboxException {
  private static final long serialVersionUID = 1L;

  public ServerStartException(String message) {
    this(message, null);
  }

  public ServerStartException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
