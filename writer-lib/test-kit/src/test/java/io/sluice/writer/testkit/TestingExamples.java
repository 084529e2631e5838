package io.sluice.writer.testkit;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatEvents;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatTransaction;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.writer.OutboxWriter;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;

/** The code of docs/testing.md. {@link TestingDocumentTest} compares both. */
final class TestingExamples {

  record Order(String id, BigDecimal amount) {}

  static final class OrderRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** A service as in the README. */
  record OrderService(OutboxWriter outbox) {
    void place(Connection connection, Order order) {
      if (order.amount().signum() < 0) {
        throw new OrderRefusedException();
      }
      outbox.append(
          connection,
          OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
              .aggregate("order", order.id())
              .payload(order)
              .build());
    }
  }

  RecordingOutbox outbox = new RecordingOutbox();
  OrderService orders = new OrderService(outbox.writer());

  void writesAnEventForAPlacedOrder() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      orders.place(connection, new Order("42", new BigDecimal("7.50")));
      connection.commit();
    }

    assertThatTransaction(outbox.lastTransaction())
        .wroteExactly(
            event("order_created")
                .ofDomain(EventDomain.PORTFOLIO)
                .aggregate("order", "42")
                .payloadJson("{\"id\": \"42\", \"amount\": 7.5}"));
  }

  void writesNothingForARefusedOrder() throws SQLException {
    try (Connection connection = outbox.beginTransaction()) {
      Order negative = new Order("42", new BigDecimal("-1"));
      assertThrows(OrderRefusedException.class, () -> orders.place(connection, negative));
      connection.rollback();
    }

    assertThatTransaction(outbox.lastTransaction()).wroteNothing();
  }

  void theOutboxContainsTheEvent(OutboxRepository repository) {
    assertThatEvents(repository.pending(ShardId.of("shard-1"), 100))
        .wroteInAnyOrder(event("order_created").aggregate("order", "42"));
  }
}
