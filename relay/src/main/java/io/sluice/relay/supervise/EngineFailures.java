package io.sluice.relay.supervise;

import io.sluice.relay.binlog.EngineEnd;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Classifies the end of an engine by its error and the causes of that error. */
final class EngineFailures {

  private static final String REREAD =
      "if a session inserts events with a binlog_row_image other than FULL, its rows are incomplete"
          + " in the binlog: end such sessions first; if the table was replaced or its history was"
          + " modified, no preparation is needed. Then approve a new position: the shard continues"
          + " at the current end of the binlog and reconciles its table to find missed events:"
          + " sluice-relay shards heal %s --force";

  private EngineFailures() {}

  /**
   * Classifies the end of an engine. An end without an error is a transient failure too: the checks
   * before the next attempt detect a problem of the server or of the position.
   */
  static RelayException classify(ShardSource source, EngineEnd end) {
    for (@Nullable Throwable cause = end.error(); cause != null; cause = cause.getCause()) {
      if (cause instanceof RelayException known) {
        return known;
      }
      if (cause instanceof SQLException sql) {
        return ServerFailures.classify(source, sql);
      }
    }
    Throwable root = end.error() == null ? null : RootCause.of(end.error());
    if (root != null && end.serverError().isPresent()) {
      return ServerFailures.classify(source, end.serverError().getAsInt(), root);
    }
    if (root != null && end.isOfUnknownTable()) {
      return new OperatorNeededException(
          "the engine of shard '%s' cannot read its table's rows: %s"
              .formatted(source.id(), root.getMessage()),
          REREAD.formatted(source.id()),
          end.error());
    }
    Object reason = root == null ? end.message() : root;
    return new TransientException(
        "the engine of shard '%s' ended: %s".formatted(source.id(), reason), end.error());
  }
}
