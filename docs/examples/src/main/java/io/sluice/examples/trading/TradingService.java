package io.sluice.examples.trading;

import io.sluice.examples.tracing.TraceHeaders;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.routing.ShardRouter;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;

/** Places orders and books their fills. A user's rows are in one shard. Thread-safe. */
final class TradingService {

  private static final String WITHDRAW =
      "UPDATE accounts SET balance = balance - ? WHERE user_id = ? AND balance >= ?";
  private static final String INSERT_ORDER =
      "INSERT INTO orders (id, user_id, symbol, amount) VALUES (?, ?, ?, ?)";
  private static final String INSERT_FILL =
      "INSERT INTO fills (order_id, symbol, quantity) VALUES (?, ?, ?)";

  private final ShardRouter router;
  private final OutboxService outbox;

  TradingService(ShardRouter router, ShardDataSources shards) {
    this.router = router;
    OutboxWriter writer = OutboxWriter.builder().headers(new TraceHeaders()).build();
    this.outbox = new OutboxService(shards, writer);
  }

  /** Places an order and returns its id: money, order and event are one transaction. */
  String place(String userId, String symbol, BigDecimal amount) throws SQLException {
    String orderId = UUID.randomUUID().toString();
    OutboxEvent placed =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_placed")
            .aggregate("order", orderId)
            .payload(new OrderPlaced(orderId, userId, symbol, amount))
            .maxRetries(5)
            .build();
    return outbox.publishInTransaction(
        router.shard(userId),
        placed,
        connection -> {
          if (execute(connection, WITHDRAW, amount, userId, amount) == 0) {
            throw new InsufficientFundsException(userId, amount); // nothing is written
          }
          execute(connection, INSERT_ORDER, orderId, userId, symbol, amount);
          return orderId;
        });
  }

  /** Books the fills of a user, all or none, and writes their events as one batch. */
  void fill(String userId, List<OrderFilled> fills) throws SQLException {
    List<OutboxEvent> events = fills.stream().map(TradingService::filled).toList();
    outbox.runInTransaction(
        router.shard(userId),
        events,
        connection -> {
          for (OrderFilled fill : fills) {
            execute(connection, INSERT_FILL, fill.orderId(), fill.symbol(), fill.quantity());
          }
        });
  }

  private static OutboxEvent filled(OrderFilled fill) {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_filled")
        .aggregate("order", fill.orderId())
        .payload(fill)
        .build();
  }

  private static int execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }
}
