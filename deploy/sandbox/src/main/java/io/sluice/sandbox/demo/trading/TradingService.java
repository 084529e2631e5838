package io.sluice.sandbox.demo.trading;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.BusinessOperation;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The business operations: each method writes a business row and its event in one transaction, and
 * retries for some minutes while the database does not answer. Thread-safe.
 */
final class TradingService {

  /** Payload of {@code user_registered}. */
  record UserRegistered(String email, String name, Instant registrationDate) {}

  /** Payload of {@code order_created}. */
  record OrderCreated(String userId, BigDecimal amount, String currency, List<String> items) {}

  /** Payload of {@code price_alert_triggered}. */
  record PriceAlertTriggered(String symbol, BigDecimal price) {}

  private static final BigDecimal CREDIT = new BigDecimal("10000.00");

  private static final int FIRST_PART = 10;
  private static final int SECOND_PART = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** A locking read waits for a transaction that is about to commit the event. */
  private static final String STORED = "SELECT 1 FROM outbox_events WHERE id = ? FOR SHARE";

  private final ShardDataSources shards;
  private final OutboxWriter writer = new OutboxWriter();
  private final OutboxService outbox;
  private final CertainCommit certainCommit = new CertainCommit(this::isStored, PATIENCE);

  TradingService(ShardDataSources shards) {
    this.shards = shards;
    this.outbox = new OutboxService(shards, writer);
  }

  void registerUser(String userId, String name, EventHeaders headers) throws Exception {
    String email = userId + "@example.com";
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.NOTIFICATION, "user_registered")
            .aggregate("user", userId)
            .payload(new UserRegistered(email, name, Instant.now()))
            .headers(headers)
            .build();
    write(ShardId.GLOBAL, event, connection -> insert(connection, "users", event, email, name));
  }

  /**
   * Places an order.
   *
   * @throws OrderRefusedException if the order exceeds the user's credit. This is checked after the
   *     insert, so the transaction rolls back both order and event
   */
  void placeOrder(ShardId shard, String userId, BigDecimal amount, EventHeaders headers)
      throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
            .aggregate("user", userId)
            .payload(new OrderCreated(userId, amount, "USD", List.of("AAPL", "GOOGL")))
            .headers(headers)
            .build();
    write(
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

  /** Fills an order in two parts: two rows and two events in one transaction. */
  void fillOrder(ShardId shard, String orderId, EventHeaders first, EventHeaders second)
      throws Exception {
    OutboxEvent one = orderFilled(orderId, 1, FIRST_PART, first);
    OutboxEvent other = orderFilled(orderId, 2, SECOND_PART, second);
    certainCommit.of(
        shard,
        one,
        () -> {
          try (Connection connection = shards.get(shard).getConnection()) {
            connection.setAutoCommit(false);
            insert(connection, "fills", one, orderId, FIRST_PART);
            insert(connection, "fills", other, orderId, SECOND_PART);
            writer.append(connection, one, other);
            connection.commit();
          }
        });
  }

  private static OutboxEvent orderFilled(
      String orderId, int part, int quantity, EventHeaders headers) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_filled")
        .aggregate("order", orderId)
        .payload(Map.of("orderId", orderId, "part", part, "quantity", quantity))
        .headers(headers)
        .build();
  }

  void triggerPriceAlert(ShardId shard, String symbol, BigDecimal price, EventHeaders headers)
      throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.MARKET, "price_alert_triggered")
            .aggregate("symbol", symbol)
            .payload(new PriceAlertTriggered(symbol, price))
            .headers(headers)
            .build();
    write(shard, event, connection -> insert(connection, "price_alerts", event, symbol, price));
  }

  /** Sends a chat message. The payload is JSON text, which is delivered unchanged. */
  void sendChatMessage(ShardId shard, String room, String json, EventHeaders headers)
      throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", room)
            .json(json)
            .headers(headers)
            .build();
    write(shard, event, connection -> insert(connection, "chat_messages", event, room, json));
  }

  void issueSignal(String symbol, String direction, EventHeaders headers) throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.SIGNAL, "signal_issued")
            .aggregate("symbol", symbol)
            .payload(Map.of("symbol", symbol, "direction", direction))
            .headers(headers)
            .build();
    write(
        ShardId.GLOBAL,
        event,
        connection -> insert(connection, "signals", event, symbol, direction));
  }

  private void write(ShardId shard, OutboxEvent event, BusinessOperation<Integer, Exception> rows)
      throws Exception {
    certainCommit.of(shard, event, () -> outbox.publishInTransaction(shard, event, rows));
  }

  private boolean isStored(ShardId shard, UUID event) throws SQLException {
    try (Connection connection = shards.get(shard).getConnection();
        PreparedStatement statement = connection.prepareStatement(STORED)) {
      statement.setString(1, event.toString());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
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
