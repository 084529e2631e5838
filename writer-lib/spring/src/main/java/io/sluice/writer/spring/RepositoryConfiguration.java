package io.sluice.writer.spring;

import io.sluice.outbox.ShardDataSources;
import io.sluice.repository.OutboxRepository;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of an application with shards and the module {@code sluice-admin}. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(OutboxRepository.class)
@ConditionalOnBean(ShardDataSources.class)
final class RepositoryConfiguration {

  @Bean
  @ConditionalOnMissingBean
  OutboxRepository outboxRepository(ShardDataSources shards) {
    return new OutboxRepository(shards);
  }
}
