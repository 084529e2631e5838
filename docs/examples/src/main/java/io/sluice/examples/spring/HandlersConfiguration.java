package io.sluice.examples.spring;

import io.sluice.handlers.HandlerRuntime;
import io.sluice.handlers.HandlerRuntimeBuilder;
import io.sluice.handlers.api.JsonHandlers;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The application's handlers. */
@Configuration(proxyBeanMethods = false)
class HandlersConfiguration {

  @Bean(initMethod = "start", destroyMethod = "close")
  HandlerRuntime handlerRuntime(HandlerRuntimeBuilder deployment, FillBooking fills, Inbox inbox) {
    JsonHandlers json = new JsonHandlers();
    return deployment // configured with Kafka's properties and the shards
        .unhandled(Unhandled.FAIL)
        .transactionalHandler(
            EventDomain.PORTFOLIO, "order_filled", json.transactional(Fill.class, fills::book))
        .handler(EventDomain.NOTIFICATION, "position_changed", json.of(Fill.class, inbox::add))
        .build();
  }
}
