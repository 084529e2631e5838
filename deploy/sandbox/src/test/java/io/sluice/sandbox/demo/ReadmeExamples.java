package io.sluice.sandbox.demo;

import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;

/** The code of the README. {@link ReadmeTest} compares both. */
final class ReadmeExamples {

  record Order(String id, BigDecimal amount) {}

  interface Business {
    void insertOrder(Connection connection, Order order) throws SQLException;

    void confirm(String payload);

    void book(Connection connection, String payload) throws SQLException;
  }

  private final Business business;

  ReadmeExamples(Business business) {
    this.business = business;
  }

  private void insertOrder(Connection connection, Order order) throws SQLException {
    business.insertOrder(connection, order);
  }

  private void confirm(String payload) {
    business.confirm(payload);
  }

  private void book(Connection connection, String payload) throws SQLException {
    business.book(connection, payload);
  }

  OutboxWriter outbox = new OutboxWriter();

  void placeOrder(Connection connection, Order order) throws SQLException {
    insertOrder(connection, order);
    outbox.append(
        connection,
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
            .aggregate("order", order.id())
            .payload(order)
            .build());
  } // rolled back together, or committed together

  HandlerRuntime handlers(Map<String, Object> kafka, Map<ShardId, DataSource> shards) {
    return HandlerRuntime.builder()
        .kafka(kafka)
        .shards(ShardDataSources.of(shards))
        .unhandled(Unhandled.FAIL)
        .handler(EventDomain.PORTFOLIO, "order_created", event -> confirm(event.payload()))
        .transactionalHandler(
            EventDomain.PORTFOLIO,
            "order_filled",
            (event, connection) -> book(connection, event.payload()))
        .build(); // then start(), and close() at the end
  }
}
