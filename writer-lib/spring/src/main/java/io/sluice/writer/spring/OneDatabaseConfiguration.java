package io.sluice.writer.spring;

import io.sluice.writer.OutboxWriter;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans of an application without shards that has one data source, or a primary one. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnSingleCandidate(DataSource.class)
final class OneDatabaseConfiguration {

  @Bean
  @ConditionalOnMissingBean
  SpringOutbox springOutbox(DataSource dataSource, OutboxWriter writer) {
    return SpringOutbox.of(dataSource, writer);
  }
}
