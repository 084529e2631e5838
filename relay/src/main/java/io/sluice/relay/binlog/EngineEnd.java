package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.debezium.DebeziumException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * How an engine ended.
 *
 * @param message the engine's own words
 * @param error what ended it; null if it stopped without one, asked to or not
 */
public record EngineEnd(String message, @Nullable Throwable error) {

  /** MySQL's error number, if the server refused the binlog stream with one. */
  public OptionalInt serverError() {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof ServerException refused) {
        return OptionalInt.of(refused.getErrorCode());
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Whether rows came of a table that the schema history does not know, or that have another number
   * of columns there. Told by their words, for the engine gives these failures no class or number
   * of their own.
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
