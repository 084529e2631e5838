package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the trading back end does: each method writes a business row and its event in one
 * transaction. Thread-safe.
 */
final class TradingService {

  /** Payload of {@code user_registered}. */
  record UserRegistered(String email, String name, Instant registrationDate) {}

  /** Payload of {@code order_created}. */
  record OrderCreated(String userId, BigDecimal amount, String currency, List<String> items) {}

  /** Payload of {@code price_alert_triggered}. */
  record PriceAlertTriggered(String symbol, BigDecimal price) {}

  private static final BigDecimal CREDIT = new BigDecimal("10000.00");

  private final ShardDataSources shards;
  private final OutboxWriter writer = new OutboxWriter();
  private final OutboxService outbox;

  TradingService(ShardDataSources shards) {
    this.shards = shards;
    this.outbox = new OutboxService(shards, writer);
  }

  void registerUser(String userId, String name, EventHeaders headers) throws SQLException {
    String email = userId + "@example.com";
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.NOTIFICATION, "user_registered")
            .aggregate("user", userId)
            .payload(new UserRegistered(email, name, Instant.now()))
            .headers(headers)
            .build();
    outbox.publishInTransaction(
        ShardId.GLOBAL, event, connection -> insert(connection, "users", event, email, name));
  }

  /**
   * Places an order.
   *
   * @throws OrderRefusedException if it is beyond the user's credit, which shows only after the
   *     order was inserted; then neither order nor event exists
   */
  void placeOrder(ShardId shard, String userId, BigDecimal amount, EventHeaders headers)
      throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
            .aggregate("user", userId)
            .payload(new OrderCreated(userId, amount, "USD", List.of("AAPL", "GOOGL")))
            .headers(headers)
            .build();
    outbox.<Integer, Exception>publishInTransaction(
        shard,
        event,
        connection -> {
          int rows = insert(connection, "orders", event, userId, "AAPL", amount);
          if (amount.compareTo(CREDIT) > 0) {
            throw new OrderRefusedException(userId, amount);
          }
          return rows;
        });
  }

  /** An order is filled in two parts: two rows and two events in one transaction of our own. */
  void fillOrder(ShardId shard, String orderId, EventHeaders first, EventHeaders second)
      throws SQLException {
    try (Connection connection = shards.get(shard).getConnection()) {
      connection.setAutoCommit(false);
      fillPart(connection, orderId, 1, first);
      fillPart(connection, orderId, 2, second);
      connection.commit();
    }
  }

  private void fillPart(Connection connection, String orderId, int part, EventHeaders headers)
      throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_filled")
            .aggregate("order", orderId)
            .payload(Map.of("orderId", orderId, "part", part))
            .headers(headers)
            .build();
    insert(connection, "fills", event, orderId, part * 10);
    writer.append(connection, event);
  }

  void triggerPriceAlert(ShardId shard, String symbol, BigDecimal price, EventHeaders headers)
      throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.MARKET, "price_alert_triggered")
            .aggregate("symbol", symbol)
            .payload(new PriceAlertTriggered(symbol, price))
            .headers(headers)
            .build();
    outbox.publishInTransaction(
        shard, event, connection -> insert(connection, "price_alerts", event, symbol, price));
  }

  /** The payload is JSON text that is ready, and is delivered as it stands. */
  void sendChatMessage(ShardId shard, String room, String json, EventHeaders headers)
      throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", room)
            .json(json)
            .headers(headers)
            .build();
    outbox.publishInTransaction(
        shard, event, connection -> insert(connection, "chat_messages", event, room, json));
  }

  void issueSignal(String symbol, String direction, EventHeaders headers) throws SQLException {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.SIGNAL, "signal_issued")
            .aggregate("symbol", symbol)
            .payload(Map.of("symbol", symbol, "direction", direction))
            .headers(headers)
            .build();
    outbox.publishInTransaction(
        ShardId.GLOBAL,
        event,
        connection -> insert(connection, "signals", event, symbol, direction));
  }

  private static int insert(
      Connection connection, String table, OutboxEvent event, Object... values)
      throws SQLException {
    String marks = ", ?".repeat(values.length);
    String sql = "INSERT INTO " + table + " VALUES (UUID(), ?" + marks + ")";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, event.id().toString());
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 2, values[i]);
      }
      return statement.executeUpdate();
    }
  }
}
