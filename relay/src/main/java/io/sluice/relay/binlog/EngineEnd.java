package io.sluice.relay.binlog;

import com.github.shyiko.mysql.binlog.network.ServerException;
import io.debezium.DebeziumException;
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

  private static final String REREAD =
      "if a session inserts events with a binlog_row_image other than FULL, its rows are incomplete"
          + " in the binlog: end such sessions first; if the table was replaced or its history was"
          + " modified, no preparation is needed. Then approve a new position: the shard continues"
          + " at the current end of the binlog and reconciles its table to find missed events:"
          + " sluice-relay shards heal %s --force";

  /** The engine reads the rows of all tables, and fails at a date that is in no calendar. */
  private static final String NO_DATE = "Error while deserializing binlog data of date";

  private static final String DATES =
      "a session with sql_mode ALLOW_INVALID_DATES has stored a date that does not exist, such as"
          + " February 31. Remove that mode from the services. Correct such dates in a session with"
          + " sql_log_bin = 0. Then approve a new position: sluice-relay shards heal %s --force";

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
      if (String.valueOf(cause.getMessage()).startsWith(NO_DATE)) {
        return new OperatorNeededException(
            "the engine of shard '%s' cannot read a row, perhaps of another table: %s"
                .formatted(source.id(), cause.getMessage()),
            DATES.formatted(source.id()),
            error);
      }
      if (isOfUnknownTable(cause)) {
        return new OperatorNeededException(
            "the engine of shard '%s' cannot read its table's rows: %s"
                .formatted(source.id(), RootCause.of(cause).getMessage()),
            REREAD.formatted(source.id()),
            error);
      }
    }
    Object reason = error == null ? message : RootCause.of(error);
    return new TransientException(
        "the engine of shard '%s' ended: %s".formatted(source.id(), reason), error);
  }

  /**
   * Whether the schema history lacks the table of a row, or has it with another number of columns.
   * Detected by the messages, because the engine has no exception class or error code for these
   * failures.
   */
  private static boolean isOfUnknownTable(Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    return cause instanceof DebeziumException
        && (message.contains("whose schema isn't known to this connector")
            || message.contains(", internal schema size "));
  }
}
