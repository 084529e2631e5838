package io.sluice.writer.spring;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.writer.HeaderSource;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.testkit.RecordingOutbox;
import java.math.BigDecimal;
import java.util.Map;
import java.util.function.Function;
import javax.sql.DataSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** The code of docs/spring.md. {@link SpringDocumentTest} compares both and runs it. */
final class SpringExamples {

  private SpringExamples() {}

  record Order(String id, BigDecimal amount) {}

  interface OrderRepository {
    void insert(Order order);
  }

  @Service
  static class OrderService {
    private final OrderRepository orders;
    private final SpringOutbox outbox;

    OrderService(OrderRepository orders, SpringOutbox outbox) {
      this.orders = orders;
      this.outbox = outbox;
    }

    @Transactional
    public void place(Order order) {
      orders.insert(order);
      outbox.append(
          OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
              .aggregate("order", order.id())
              .payload(order)
              .build());
    }
  }

  record ShardedOrders(Function<ShardId, TransactionTemplate> transactions, SpringOutbox outbox) {

    private TransactionTemplate transactionsOf(ShardId shard) {
      return transactions.apply(shard);
    }

    void cancel(ShardId shard, OutboxEvent orderCancelled) {
      transactionsOf(shard).executeWithoutResult(status -> outbox.append(shard, orderCancelled));
    }
  }

  static final class Headers {
    @Bean
    HeaderSource region() {
      return event -> Map.of("region", "eu-1");
    }
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class OutboxInMemory {
    @Bean
    RecordingOutbox recordingOutbox() {
      return new RecordingOutbox();
    }

    @Bean
    DataSource dataSource(RecordingOutbox outbox) {
      return outbox.dataSource();
    }

    @Bean
    OutboxWriter outboxWriter(RecordingOutbox outbox) {
      return outbox.writer();
    }
  }
}
