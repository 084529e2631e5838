package io.sluice.writer.spring;

import io.sluice.outbox.ShardDataSources;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of an application with shards. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(ShardDataSources.class)
final class ShardsConfiguration {

  @Bean
  @ConditionalOnMissingBean
  SpringOutbox springOutbox(ShardDataSources shards, OutboxWriter writer) {
    return SpringOutbox.of(shards, writer);
  }

  @Bean
  @ConditionalOnMissingBean
  OutboxService outboxService(ShardDataSources shards, OutboxWriter writer) {
    return new OutboxService(shards, writer);
  }
}
