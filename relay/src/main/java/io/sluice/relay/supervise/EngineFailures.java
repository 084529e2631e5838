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

/** Tells what an engine's end means for its shard, by the causes it names. */
final class EngineFailures {

  private static final String REREAD =
      "if a session inserts events with a binlog_row_image other than FULL, its rows are incomplete"
          + " in the binary log: end that first; if the table was replaced or its history was"
          + " tampered with, nothing need be done before. Then give the position up, so that the"
          + " shard goes on at the present and sweeps its table for events that were missed:"
          + " sluice-relay shards heal %s --force";

  private EngineFailures() {}

  /**
   * Never "nothing": an engine that ends without an error has still ended. What the server or the
   * position may have to do with it is found by the checks that precede the next try.
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
