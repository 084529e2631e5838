package io.sluice.examples.spring;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** Books fills: position, next event and status are one transaction. Thread-safe. */
final class FillBooking {

  private final OutboxWriter outbox;

  FillBooking(OutboxWriter outbox) {
    this.outbox = outbox;
  }

  void book(Fill fill, HandledEvent event, Connection lent) {
    // true: Spring leaves the connection open
    JdbcClient jdbc = JdbcClient.create(new SingleConnectionDataSource(lent, true));
    new Positions(jdbc).add(fill.userId(), fill.symbol(), fill.quantity());
    outbox.append(
        lent,
        OutboxEvent.builder(EventDomain.NOTIFICATION, "position_changed")
            .aggregate("user", fill.userId())
            .payload(fill)
            .build());
  }
}
