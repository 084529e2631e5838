package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/**
 * A server that should have started did not: it ended, was not ready in time, or could not be
 * fetched. The message carries the last lines of its log where there is one.
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
