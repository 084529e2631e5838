package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/** Something that passes, such as a server that is away: worth another try, for ever. */
public final class TransientException extends RelayException {

  private static final long serialVersionUID = 1;

  public TransientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
