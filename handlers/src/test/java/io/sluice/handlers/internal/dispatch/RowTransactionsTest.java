package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.handlers.TestDataSource;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RowTransactionsTest {

  private final List<String> calls = new ArrayList<>();

  /** A driver that throws undeclared exceptions after the transaction has begun. */
  private Connection failing(Throwable failure) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (self, method, arguments) -> {
              calls.add(method.getName());
              return switch (method.getName()) {
                case "getAutoCommit" -> true;
                case "createStatement" -> throw failure;
                default -> null;
              };
            });
  }

  private Outcome run(Throwable failure) {
    TestDataSource source =
        new TestDataSource() {
          @Override
          public Connection getConnection() {
            return failing(failure);
          }
        };
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("1")
            .shard(ShardId.GLOBAL)
            .aggregate("room", "7")
            .payload("{}")
            .build();
    return new RowTransactions(
            ShardDataSources.of(Map.of(ShardId.GLOBAL, source)), new ObserverRows())
        .run(event, 0, (same, connection) -> fail("called"), cut -> {});
  }

  @Test
  void noConnectionIsGivenBackWithItsTransactionOpen() {
    IllegalStateException failure = new IllegalStateException("of the driver");

    Outcome.Inconclusive inconclusive = assertInstanceOf(Outcome.Inconclusive.class, run(failure));

    assertEquals(failure, inconclusive.cause());
    assertEquals(
        List.of("getAutoCommit", "setAutoCommit", "createStatement", "abort", "close"), calls);
  }

  @Test
  void anErrorOfTheDriverSaysNothingAboutTheEventEither() {
    assertInstanceOf(Outcome.Inconclusive.class, run(new NoClassDefFoundError("as if")));
    assertEquals("abort", calls.get(3));
  }
}
