package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.sandbox.demo.setup.BusinessTables;
import io.sluice.sandbox.demo.trading.Trouble;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * Counts rows of all shards, with the administrator's account. Each query borrows a connection, so
 * that it works again after a restart of the server. Thread-safe.
 */
public final class OutboxTables {

  private static final String ROWS =
      """
      SELECT id, domain, status, event_data, aggregate_id, max_retries,
        COALESCE(JSON_UNQUOTE(JSON_EXTRACT(headers, '$."%s"')), '0') AS failures
      FROM `%s`.outbox_events
      """;

  /** Events that were written in pairs, each pair in one transaction. */
  private static final String PAIRS =
      """
      SELECT aggregate_id, id FROM `%s`.outbox_events
        WHERE aggregate_type = 'order' ORDER BY aggregate_id, id
      """;

  private static final String WRITTEN = "(SELECT COUNT(*) FROM `%s`.outbox_events)";
  private static final String STATUSES =
      "SELECT status, COUNT(*) FROM `%s`.outbox_events GROUP BY status";

  /** Business rows without their event, and events without their business row. */
  private static final String TORN =
      """
      SELECT COUNT(*) FROM (
        SELECT business.event_id FROM (%1$s) AS business
          LEFT JOIN `%2$s`.outbox_events AS event ON event.id = business.event_id
          WHERE event.id IS NULL
        UNION ALL
        SELECT event.id FROM `%2$s`.outbox_events AS event
          LEFT JOIN (%1$s) AS business ON event.id = business.event_id
          WHERE business.event_id IS NULL) AS torn
      """;

  private final DataSource administrator;
  private final List<ShardId> shards;
  private final TopicTemplate template;

  /**
   * Uses connections of this data source, which the caller closes.
   *
   * @param template the names of the domains' topics
   */
  public OutboxTables(DataSource administrator, List<ShardId> shards, TopicTemplate template) {
    this.administrator = administrator;
    this.template = template;
    this.shards = List.copyOf(shards);
  }

  /** The number of rows of each status, over all shards. */
  public Map<OutboxStatus, Long> statuses() throws SQLException {
    Map<OutboxStatus, Long> counts = new EnumMap<>(OutboxStatus.class);
    try (Connection connection = administrator.getConnection();
        Statement statement = connection.createStatement()) {
      for (ShardId shard : shards) {
        try (ResultSet rows = statement.executeQuery(STATUSES.formatted(shard))) {
          while (rows.next()) {
            counts.merge(OutboxStatus.valueOf(rows.getString(1)), rows.getLong(2), Long::sum);
          }
        }
      }
    }
    return counts;
  }

  /** The number of rows, over all shards. */
  public long written() throws SQLException {
    String sum =
        shards.stream().map(WRITTEN::formatted).collect(Collectors.joining(" + ", "SELECT ", ""));
    try (Connection connection = administrator.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sum)) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Compares every row with the records on the topics.
   *
   * @return counts by shard and domain
   */
  public Map<ShardId, Map<EventDomain, Tally>> compare(
      TopicObserver topics, TopicObserver deadLetters) throws SQLException {
    Map<ShardId, Map<EventDomain, Tally>> tallies = new TreeMap<>();
    try (Connection connection = administrator.getConnection();
        Statement statement = connection.createStatement()) {
      for (ShardId shard : shards) {
        Map<EventDomain, Tally> byDomain = new TreeMap<>();
        try (ResultSet rows = statement.executeQuery(ROWS.formatted(Trouble.HEADER, shard))) {
          while (rows.next()) {
            byDomain.merge(
                EventDomain.of(rows.getString(2)), tally(rows, topics, deadLetters), Tally::plus);
          }
        }
        tallies.put(shard, byDomain);
      }
    }
    return tallies;
  }

  private Tally tally(ResultSet row, TopicObserver topics, TopicObserver deadLetters)
      throws SQLException {
    UUID event = UUID.fromString(row.getString(1));
    String topic = template.topic(EventDomain.of(row.getString(2)));
    byte[] payload = row.getString(4).getBytes(StandardCharsets.UTF_8);
    byte[] key = row.getString(5).getBytes(StandardCharsets.UTF_8);
    boolean toFail = Trouble.isFinal(row.getString(7), row.getInt(6));
    int seen = topics.timesSeen(event);
    OutboxStatus status = OutboxStatus.valueOf(row.getString(3));
    return new Tally(
        1,
        seen > 0 ? 1 : 0,
        status == OutboxStatus.PUBLISHED ? 1 : 0,
        status == OutboxStatus.RETRY ? 1 : 0,
        status == OutboxStatus.FAILED ? 1 : 0,
        Math.max(0, seen - 1),
        status == OutboxStatus.FAILED && deadLetters.timesSeen(event) == 0 ? 1 : 0,
        isUnplanned(status, toFail) ? 1 : 0,
        topics.isAsWritten(event, topic, key, payload) ? 0 : 1);
  }

  private static boolean isUnplanned(OutboxStatus status, boolean toFail) {
    return toFail ? status == OutboxStatus.PUBLISHED : status == OutboxStatus.FAILED;
  }

  /** The number of events that are on their topic before an earlier event of their aggregate. */
  public long reordered(TopicObserver topics) throws SQLException {
    long reordered = 0;
    try (Connection connection = administrator.getConnection();
        Statement statement = connection.createStatement()) {
      for (ShardId shard : shards) {
        try (ResultSet rows = statement.executeQuery(PAIRS.formatted(shard))) {
          reordered += reordered(rows, topics);
        }
      }
    }
    return reordered;
  }

  private static long reordered(ResultSet rows, TopicObserver topics) throws SQLException {
    long reordered = 0;
    String aggregate = "";
    UUID previous = null;
    while (rows.next()) {
      UUID event = UUID.fromString(rows.getString(2));
      if (previous != null
          && rows.getString(1).equals(aggregate)
          && topics.isReordered(previous, event)) {
        reordered++;
      }
      aggregate = rows.getString(1);
      previous = event;
    }
    return reordered;
  }

  /** The number of rows whose event is missing, and of events whose row is missing. */
  public long torn() throws SQLException {
    long torn = 0;
    try (Connection connection = administrator.getConnection();
        Statement statement = connection.createStatement()) {
      for (ShardId shard : shards) {
        String business =
            String.join(
                " UNION ALL ",
                BusinessTables.NAMES.stream()
                    .map(table -> "SELECT event_id FROM `%s`.%s".formatted(shard, table))
                    .toList());
        try (ResultSet row = statement.executeQuery(TORN.formatted(business, shard))) {
          row.next();
          torn += row.getLong(1);
        }
      }
    }
    return torn;
  }
}
