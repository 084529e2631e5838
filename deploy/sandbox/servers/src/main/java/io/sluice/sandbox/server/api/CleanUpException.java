package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/** A database, an account or a topic of a test class could not be created or dropped. */
public final class CleanUpException extends SandboxException {
  private static final long serialVersionUID = 1L;

  public CleanUpException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
