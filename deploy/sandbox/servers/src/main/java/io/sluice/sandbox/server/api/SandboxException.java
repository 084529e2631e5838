package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/** Base of the exceptions of this module. The subclass names the step that failed. */
public abstract sealed class SandboxException extends RuntimeException
    permits NoServerException,
        ServerStartException,
        ServerControlException,
        CleanUpException,
        ProxyException {
  private static final long serialVersionUID = 1L;

  SandboxException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
