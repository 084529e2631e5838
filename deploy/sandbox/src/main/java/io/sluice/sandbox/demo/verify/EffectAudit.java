package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.ShardId;
import io.sluice.sandbox.demo.setup.BookingTables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import javax.sql.DataSource;

/** Compares bookings with their events, with the administrator's account. Thread-safe. */
public final class EffectAudit {

  private static final String LOST_AND_DOUBLED =
      """
      SELECT COUNT(IF(effects = 0, 1, NULL)), COALESCE(SUM(IF(effects > 1, effects - 1, 0)), 0)
      FROM (
        SELECT COUNT(booking.id) AS effects FROM `%1$s`.outbox_events AS event
          LEFT JOIN `%1$s`.bookings AS booking ON booking.event_id = event.id
          WHERE event.status = 'PUBLISHED' AND event.event_type IN (%2$s)
          GROUP BY event.id) AS published
      """;

  private static final String STRAY =
      """
      SELECT COUNT(*) FROM `%1$s`.bookings AS booking
        LEFT JOIN `%1$s`.outbox_events AS event ON event.id = booking.event_id
          AND event.status = 'PUBLISHED' AND event.event_type IN (%2$s)
        WHERE event.id IS NULL
      """;

  private static final String UNBALANCED =
      """
      SELECT COUNT(*) FROM (
        SELECT account FROM (
          SELECT account, amount FROM `%1$s`.bookings
          UNION ALL
          SELECT account, -amount FROM `%1$s`.balances) AS entries
        GROUP BY account HAVING SUM(amount) <> 0) AS unbalanced
      """;

  /** The two events of an order are written in one transaction, in the order of their ids. */
  private static final String REORDERED =
      """
      SELECT COUNT(*) FROM (
        SELECT event_id, LAG(event_id) OVER (PARTITION BY account ORDER BY id) AS previous
          FROM `%1$s`.bookings WHERE account LIKE 'order %%') AS booked
        WHERE event_id < previous
      """;

  private final DataSource administrator;
  private final List<ShardId> shards;

  /** Uses connections of this data source, which the caller closes. */
  public EffectAudit(DataSource administrator, List<ShardId> shards) {
    this.administrator = administrator;
    this.shards = List.copyOf(shards);
  }

  /** Counts the effects in all shards. */
  Effects effects() throws SQLException {
    Effects total = Effects.NONE;
    try (Connection connection = administrator.getConnection()) {
      for (ShardId shard : shards) {
        total = total.plus(effects(connection, shard));
      }
    }
    return total;
  }

  private static Effects effects(Connection connection, ShardId shard) throws SQLException {
    List<String> types = BookingTables.EVENT_TYPES;
    List<Long> counts = row(connection, LOST_AND_DOUBLED, shard, types);
    long stray = row(connection, STRAY, shard, types).get(0);
    long unbalanced = row(connection, UNBALANCED, shard, List.of()).get(0);
    long reordered = row(connection, REORDERED, shard, List.of()).get(0);
    return new Effects(counts.get(0), counts.get(1), stray, unbalanced, reordered);
  }

  private static List<Long> row(
      Connection connection, String sql, ShardId shard, List<String> types) throws SQLException {
    String places = String.join(", ", Collections.nCopies(types.size(), "?"));
    try (PreparedStatement select = connection.prepareStatement(sql.formatted(shard, places))) {
      for (int i = 0; i < types.size(); i++) {
        select.setString(i + 1, types.get(i));
      }
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getMetaData().getColumnCount() == 1
            ? List.of(row.getLong(1))
            : List.of(row.getLong(1), row.getLong(2));
      }
    }
  }
}
