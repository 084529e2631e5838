package io.sluice.relay.recovery;

import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.ServerVersion;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;

/** Checks that a source's server has all transactions before and after a position. */
public final class PositionCheck {

  private static final String BY_GTID =
      """
      SELECT GTID_SUBTRACT(@@GLOBAL.gtid_purged, ?) AS purged_unseen,
             GTID_SUBTRACT(?, @@GLOBAL.gtid_executed) AS seen_unknown,
             @@GLOBAL.server_uuid AS server
      """;

  private PositionCheck() {}

  /**
   * Compares a position with the server. Streaming from an unusable position would silently skip
   * transactions, or fail with an error of the server.
   *
   * @throws io.sluice.relay.shard.RelayException if the server cannot be queried
   */
  public static PositionState of(ShardSource source, Position position) {
    try (Connection connection = source.server().connect("")) {
      return position.gtidSet().isPresent()
          ? byGtid(connection, source, position, position.gtidSet().get())
          : FilePositionCheck.of(connection, source, position);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  private static PositionState byGtid(
      Connection connection, ShardSource source, Position position, String gtidSet)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(BY_GTID)) {
      query.setString(1, gtidSet);
      query.setString(2, seen(position, gtidSet));
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String purged = row.getString("purged_unseen").replace("\n", "");
        return judge(
            connection,
            source,
            purged.isEmpty() ? "" : purged + origin(row.getString("server"), purged, gtidSet),
            row.getString("seen_unknown").replace("\n", ""));
      }
    }
  }

  /**
   * Explains transactions that only this server can have begun, although the relay has never read
   * one of it. They cannot be skipped: one may have altered the table, or a failover may have come
   * before.
   */
  private static String origin(String server, String purged, String seen) {
    boolean isAnyOwn = Stream.of(purged.split(",")).anyMatch(range -> range.startsWith(server));
    return isAnyOwn && !seen.contains(server)
        ? (". Those of %s began on this server, of which the relay has not read any transaction: it"
                + " wrote them itself while it was a replica (errant transactions, such as a local"
                + " CREATE USER), or it was promoted while the relay was away")
            .formatted(server)
        : "";
  }

  /** Includes transactions that were published in part; their other rows must not be lost. */
  private static String seen(Position position, String gtidSet) {
    return position.published().isEmpty()
        ? gtidSet
        : gtidSet + "," + String.join(",", position.published().keySet());
  }

  private static PositionState judge(
      Connection connection, ShardSource source, String purged, String unknown)
      throws SQLException {
    if (!unknown.isEmpty()) {
      String problem =
          "the position of shard '%s' is ahead of its server: %s %s: %s"
              .formatted(source.id(), source.address(), ReconcileGap.LACKS_TRANSACTIONS, unknown);
      return isReplicating(connection)
          ? new PositionState.Lagging(problem)
          : new PositionState.Lost(problem);
    }
    if (!purged.isEmpty()) {
      return new PositionState.Lost(
          "the position of shard '%s' is lost: %s has purged transactions that were not relayed: %s"
              .formatted(source.id(), source.address(), purged));
    }
    return new PositionState.Usable();
  }

  private static boolean isReplicating(Connection connection) throws SQLException {
    String replica = ServerVersion.of(connection).replica();
    try (Statement statement = connection.createStatement();
        ResultSet channels = statement.executeQuery("SHOW %s STATUS".formatted(replica))) {
      while (channels.next()) {
        if ("Yes".equals(channels.getString(replica + "_IO_Running"))
            || "Yes".equals(channels.getString(replica + "_SQL_Running"))) {
          return true;
        }
      }
      return false;
    }
  }
}
