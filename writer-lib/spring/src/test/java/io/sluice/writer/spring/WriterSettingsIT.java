package io.sluice.writer.spring;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatEvents;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.repository.OutboxRepository;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.EventTooLargeException;
import io.sluice.writer.HeaderSource;
import io.sluice.writer.OutboxService;
import io.sluice.writer.PayloadSerializer;
import io.sluice.writer.testkit.EventsAssertion;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.annotation.Order;

/** Beans and settings that configure the writer. */
@SandboxTest
class WriterSettingsIT {

  private static final ShardId SHARD = ShardId.GLOBAL;
  private static final OutboxEvent BOUGHT =
      OutboxEvent.builder(EventDomain.PORTFOLIO, "bought")
          .aggregate("purchase", "1")
          .payload(new Purchase("u1"))
          .build();

  private record Purchase(String buyerId) {}

  @Order(1)
  private static final class Tenant implements HeaderSource {
    @Override
    public Map<String, String> headers(OutboxEvent event) {
      return Map.of("tenant", "7", "trace", "of the first");
    }
  }

  @Order(2)
  private static final class Trace implements HeaderSource {
    @Override
    public Map<String, String> headers(OutboxEvent event) {
      return Map.of("trace", "of the second", "span", "8");
    }
  }

  private final Shop shop;
  private final ApplicationContextRunner application;

  WriterSettingsIT(Sandbox sandbox) throws SQLException {
    shop = Shop.open(sandbox.database("shop"));
    DataSource dataSource = shop.database().dataSource();
    application =
        new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(SluiceWriterAutoConfiguration.class))
            .withBean("main", DataSource.class, () -> dataSource)
            .withPropertyValues("sluice.writer.shards.global=main");
  }

  @BeforeEach
  void emptyTables() throws SQLException {
    Shop.open(shop.database());
  }

  private static JsonMapper snakeCase() {
    return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
  }

  private static void writes(ApplicationContextRunner like, ExpectedPurchase expected) {
    like.run(
        context -> {
          context.getBean(OutboxService.class).publish(SHARD, BOUGHT);
          expected.check(
              assertThatEvents(context.getBean(OutboxRepository.class).pending(SHARD, 10)));
        });
  }

  private interface ExpectedPurchase {
    void check(EventsAssertion written);
  }

  @Test
  void payloadsAreJsonByDefault() {
    writes(
        application,
        written -> written.wroteExactly(event("bought").payloadText("{\"buyerId\":\"u1\"}")));
  }

  @Test
  void theObjectMapperBeanIsUsed() {
    writes(
        application.withBean(ObjectMapper.class, WriterSettingsIT::snakeCase),
        written -> written.wroteExactly(event("bought").payloadText("{\"buyer_id\":\"u1\"}")));
  }

  @Test
  void severalObjectMappersAreAnError() {
    application
        .withBean("one", ObjectMapper.class, WriterSettingsIT::snakeCase)
        .withBean("two", ObjectMapper.class, WriterSettingsIT::snakeCase)
        .run(
            context -> {
              Throwable cause = context.getStartupFailure();
              assertNotNull(cause);
              while (cause.getCause() != null) {
                cause = cause.getCause();
              }
              assertInstanceOf(NoUniqueBeanDefinitionException.class, cause);
              assertTrue(String.valueOf(cause.getMessage()).contains("one,two"), cause.toString());
            });
  }

  @Test
  void aSerializerTakesPrecedence() {
    writes(
        application
            .withBean("one", ObjectMapper.class, WriterSettingsIT::snakeCase)
            .withBean("two", ObjectMapper.class, WriterSettingsIT::snakeCase)
            .withBean(
                PayloadSerializer.class, () -> value -> new EventPayload.Text("own " + value)),
        written -> written.wroteExactly(event("bought").payloadText("own Purchase[buyerId=u1]")));
  }

  @Test
  void headersOfAllSourcesAreMerged() {
    writes(
        application
            .withBean("trace", HeaderSource.class, Trace::new)
            .withBean("tenant", HeaderSource.class, Tenant::new),
        written ->
            written.wroteExactly(
                event("bought")
                    .header("tenant", "7")
                    .header("trace", "of the first")
                    .header("span", "8")));
  }

  @Test
  void aSettingLimitsEvents() {
    application
        .withPropertyValues("sluice.writer.max-event-bytes=15")
        .run(
            context ->
                assertThrows(
                    EventTooLargeException.class,
                    () -> context.getBean(OutboxService.class).publish(SHARD, BOUGHT)));
    writes(
        application.withPropertyValues("sluice.writer.max-event-bytes=16"),
        written -> written.wroteExactly(event("bought")));
  }
}
