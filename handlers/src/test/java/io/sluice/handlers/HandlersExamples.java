package io.sluice.handlers;

import io.sluice.handlers.api.JsonHandlers;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** The code of {@code docs/handlers.md}, held to it by {@link HandlersDocumentTest}. */
final class HandlersExamples {

  /** The payload of an order's events. */
  record Order(String id, BigDecimal amount) {}

  /** The payload of a fill. */
  record Fill(String position, BigDecimal amount) {}

  /** A service of another system. */
  interface Broker {
    void place(String idempotencyKey, Order order) throws UnknownAccountException;

    CompletionStage<Void> push(String idempotencyKey, String message);
  }

  /** No attempt will change that. */
  static final class UnknownAccountException extends Exception {
    private static final long serialVersionUID = 1;
  }

  HandlerRuntime portfolio(Map<String, Object> kafka, ShardDataSources shards, Broker broker) {
    JsonHandlers json = new JsonHandlers();
    RetryPolicy patient =
        RetryPolicy.exponential(Duration.ofSeconds(5), Duration.ofMinutes(10))
            .withTimeout(Duration.ofSeconds(30))
            .withFinal(UnknownAccountException.class);
    return HandlerRuntime.builder()
        .kafka(kafka)
        .shards(shards)
        .unhandled(Unhandled.FAIL)
        // effects in the shard's database: applied once
        .transactionalHandler(
            EventDomain.PORTFOLIO,
            "order_filled",
            json.transactional(Fill.class, (fill, event, connection) -> book(connection, fill)))
        // effects elsewhere: made idempotent by the event's id
        .handler(
            EventDomain.PORTFOLIO,
            "order_created",
            json.of(Order.class, (order, event) -> broker.place(event.id(), order)),
            patient)
        // a client that returns a future
        .asyncHandler(
            EventDomain.NOTIFICATION, "*", event -> broker.push(event.id(), event.payload()))
        .build(); // then start(), and close() at the end
  }

  private static void book(Connection connection, Fill fill) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE positions SET amount = amount + ? WHERE id = ?")) {
      update.setBigDecimal(1, fill.amount());
      update.setString(2, fill.position());
      update.executeUpdate();
    }
  }
}
