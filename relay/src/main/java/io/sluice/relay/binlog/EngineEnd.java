package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.debezium.DebeziumException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Result of an engine run.
 *
 * @param message message of the engine
 * @param error the failure; null if the engine ended without one
 */
public record EngineEnd(String message, @Nullable Throwable error) {

  /** MySQL's error number, if the server rejected the binlog stream. */
  public OptionalInt serverError() {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ServerException refused) {
        return OptionalInt.of(refused.getErrorCode());
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Whether the schema history lacks the table of a row, or has it with another number of columns.
   * Detected by the messages, because the engine has no exception class or error code for these
   * failures.
   */
  public boolean isOfUnknownTable() {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause.getMessage());
      if (cause instanceof DebeziumException
          && (message.contains("whose schema isn't known to this connector")
              || message.contains(", internal schema size "))) {
        return true;
      }
    }
    return false;
  }
}
