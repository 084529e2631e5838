package io.sluice.examples.trading;

import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.handlers.HandlerMeters;
import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.HandlerRuntimeBuilder;
import io.sluice.handlers.StopReport;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.JsonHandlers;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles the events of orders, in a separate process. Thread-safe. */
final class TradingWorker implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TradingWorker.class);

  private static final String ADD =
      """
      INSERT INTO positions (user_id, symbol, quantity) VALUES (?, ?, ?) AS new
      ON DUPLICATE KEY UPDATE quantity = positions.quantity + new.quantity
      """;

  private final OutboxWriter outbox = new OutboxWriter();
  private final HandlerRuntime runtime;

  /**
   * @param deployment configured with Kafka and the shards, without handlers
   */
  TradingWorker(
      HandlerRuntimeBuilder deployment, Exchange exchange, Push push, MeterRegistry meters) {
    JsonHandlers json = new JsonHandlers();
    RetryPolicy patient =
        RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(5))
            .withTimeout(Duration.ofSeconds(30))
            .withFinal(Exchange.RefusedException.class);
    runtime =
        deployment
            .unhandled(Unhandled.FAIL)
            .handler(
                EventDomain.PORTFOLIO,
                "order_placed",
                json.of(OrderPlaced.class, (order, event) -> exchange.submit(event.id(), order)),
                patient)
            .transactionalHandler(
                EventDomain.PORTFOLIO,
                "order_filled",
                json.transactional(OrderFilled.class, this::book))
            .asyncHandler(
                EventDomain.NOTIFICATION,
                "position_changed",
                event -> push.send(event.id(), event.aggregateId(), event.payload()))
            .build();
    new HandlerMeters(runtime).bindTo(meters);
  }

  /** Effect, status and the next event are one transaction, so each of them happens once. */
  private void book(OrderFilled fill, HandledEvent event, Connection connection)
      throws SQLException {
    try (PreparedStatement add = connection.prepareStatement(ADD)) {
      add.setString(1, fill.userId());
      add.setString(2, fill.symbol());
      add.setBigDecimal(3, fill.quantity());
      add.executeUpdate();
    }
    outbox.append(
        connection,
        OutboxEvent.builder(EventDomain.NOTIFICATION, "position_changed")
            .aggregate("user", fill.userId())
            .payload(fill)
            .build());
  }

  void start() {
    runtime.start();
  }

  /** Completes the events in progress. Close this before the data sources. */
  @Override
  public void close() {
    StopReport report = runtime.stop(Duration.ofSeconds(20));
    if (!report.isClean()) {
      LOG.warn("not all events were completed, they will be delivered again: {}", report);
    }
  }
}
