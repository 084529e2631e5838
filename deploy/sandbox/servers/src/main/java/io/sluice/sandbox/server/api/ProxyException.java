package io.sluice.sandbox.server.api;

import org.jspecify.annotations.Nullable;

/**
 * The fault proxy could not listen or close, or traffic that a test waits for did not occur in
 * time.
 */
public final class ProxyException extends SandboxException {
  private static final long serialVersionUID = 1L;

  public ProxyException(String message) {
    this(message, null);
  }

  public ProxyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
