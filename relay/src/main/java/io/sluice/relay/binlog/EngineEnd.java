package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Result of an engine run.
 *
 * @param message message of the engine
 * @param error the failure; null if the engine ended without one
 */
public record EngineEnd(String message, @Nullable Throwable error) {

  /**
   * Classifies the end by its error and the causes of that error. An end without an error is a
   * transient failure too: the checks before the next attempt detect a problem of the server or of
   * the position.
   */
  public RelayException failure(ShardSource source) {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof RelayException known) {
        return known;
      }
      if (cause instanceof SQLException sql) {
        return ServerFailures.classify(source, sql);
      }
    }
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ServerException refused) {
        return ServerFailures.classify(source, refused.getErrorCode(), RootCause.of(refused));
      }
      if (cause instanceof StackOverflowError || cause instanceof LinkageError) {
        return fatal(source, cause);
      }
    }
    Object reason = error == null ? message : RootCause.of(error);
    return new TransientException(
        "the engine of shard '%s' ended: %s".formatted(source.id(), reason), error);
  }

  /** An error that the same event of the binlog will cause again. */
  private OperatorNeededException fatal(ShardSource source, Throwable cause) {
    boolean isStack = cause instanceof StackOverflowError;
    return new OperatorNeededException(
        "the thread that reads the binlog of shard '%s' has died of %s"
            .formatted(source.id(), cause),
        isStack
            ? "start the relay with a larger stack for its threads: SLUICE_RELAY_OPTS=-Xss32m"
            : "a native library could not be loaded, such as zstd, which compressed transactions"
                + " need: start the relay with a folder for temporary files that is not mounted"
                + " noexec: SLUICE_RELAY_OPTS=-Djava.io.tmpdir=<folder>",
        error);
  }
}
