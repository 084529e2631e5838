package io.sluice.relay.check;

import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether a shard's server still has everything after a position, and all before it. */
public final class PositionCheck {

  private static final String QUERY =
      """
      SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, ?) AS purged_unseen,
             GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS seen_unknown
      """;

  private PositionCheck() {}

  /**
   * Refuses a position from which streaming would skip transactions in silence.
   *
   * @throws OperatorNeededException if transactions after the position are purged, or the server
   *     does not know transactions before it
   */
  public static void run(ShardSource source, RelayPosition position) {
    try (Connection connection = source.connect();
        PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, position.gtidSet());
      query.setString(2, position.gtidSet());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        refusePurged(source, row.getString("purged_unseen"));
        refuseUnknown(source, row.getString("seen_unknown"));
      }
    } catch (SQLException e) {
      throw MySqlFailures.classify(source, e);
    }
  }

  private static void refusePurged(ShardSource source, String gtids) {
    if (!gtids.isEmpty()) {
      throw new OperatorNeededException(
          "the position of shard '%s' is lost: %s has purged transactions that were not relayed: %s"
              .formatted(source.id(), source.address(), gtids),
          "restore the binary logs that hold them, or give the shard a new id, provision it, and"
              + " look for rows still PENDING; keep binary logs longer"
              + " (binlog_expire_logs_seconds)");
    }
  }

  private static void refuseUnknown(ShardSource source, String gtids) {
    if (!gtids.isEmpty()) {
      throw new OperatorNeededException(
          "the position of shard '%s' is ahead of its server: %s does not have transactions that were"
                  .formatted(source.id(), source.address())
              + " relayed from it: "
              + gtids,
          "if the server was restored from a backup or replaced by a replica that lags, wait until it"
              + " has caught up, or give the shard a new id and provision it");
    }
  }
}
