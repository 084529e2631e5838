package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/**
 * A running server could not be stopped, killed or removed in time, or a replica did not catch up
 * in time.
 */
public final class ServerControlException extends SandboxException {
  private static final long serialVersionUID = 1L;

  public ServerControlException(String message) {
    this(message, null);
  }

  public ServerControlException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
