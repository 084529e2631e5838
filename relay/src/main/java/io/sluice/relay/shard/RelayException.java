package io.sluice.relay.shard;

import org.jspecify.annotations.Nullable;

/**
 * The reason why a shard or the relay cannot continue. The subclass says whether to retry or to
 * wait for an operator.
 */
public abstract sealed class RelayException extends RuntimeException
    permits TransientException, OperatorNeededException {

  private static final long serialVersionUID = 1;

  RelayException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
