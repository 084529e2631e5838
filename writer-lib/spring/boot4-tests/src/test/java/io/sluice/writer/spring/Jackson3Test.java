package io.sluice.writer.spring;

import static io.sluice.writer.testkit.ExpectedEvent.event;
import static io.sluice.writer.testkit.OutboxAssertions.assertThatTransaction;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.PayloadSerializer;
import io.sluice.writer.testkit.RecordingOutbox;
import java.sql.Connection;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** Payloads serialised by the Jackson 3 mapper of Boot 4, as shown in docs/spring.md. */
class Jackson3Test {

  @Configuration(proxyBeanMethods = false)
  static class Payloads {
    @Bean
    PayloadSerializer payloadSerializer(JsonMapper mapper) {
      return value -> new EventPayload.Json(mapper.writeValueAsString(value));
    }
  }

  private record Purchase(String buyerId) {}

  @Test
  void theApplicationsMapperMakesThePayload() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
        .withUserConfiguration(Payloads.class)
        .withPropertyValues("spring.jackson.property-naming-strategy=SNAKE_CASE")
        .run(
            context -> {
              RecordingOutbox outbox =
                  new RecordingOutbox(
                      OutboxWriter.builder().serializer(context.getBean(PayloadSerializer.class)));
              try (Connection connection = outbox.beginTransaction()) {
                outbox
                    .writer()
                    .append(
                        connection,
                        OutboxEvent.builder(EventDomain.PORTFOLIO, "bought")
                            .aggregate("purchase", "1")
                            .payload(new Purchase("u1"))
                            .build());
                connection.commit();
              }
              assertThatTransaction(outbox.lastTransaction())
                  .wroteExactly(event("bought").payloadText("{\"buyer_id\":\"u1\"}"));
            });
  }
}
