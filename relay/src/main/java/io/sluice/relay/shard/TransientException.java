package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/** A failure that passes, such as an unreachable server. Callers retry without a limit. */
public final class TransientException extends RelayException {

  private static final long serialVersionUID = 1;

  public TransientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
