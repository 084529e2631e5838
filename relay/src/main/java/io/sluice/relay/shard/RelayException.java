package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/** Why a shard, or the relay, cannot go on. The case says who can put it right. */
public abstract sealed class RelayException extends RuntimeException
    permits TransientException, OperatorNeededException {

  private static final long serialVersionUID = 1;

  RelayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
