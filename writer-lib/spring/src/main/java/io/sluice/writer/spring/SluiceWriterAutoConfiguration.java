package io.sluice.writer.spring;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.writer.HeaderSource;
import io.sluice.writer.JacksonPayloadSerializer;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.OutboxWriterBuilder;
import io.sluice.writer.PayloadSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Gives a Spring Boot application an {@link OutboxWriter} and a {@link SpringOutbox}, and with
 * shards an {@code OutboxService} and an {@code OutboxRepository}. Each backs off where the
 * application has one of its own. See {@code docs/spring.md}.
 */
// Boot 3.5 and 4 have the class of one name in two packages.
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnClass(DataSourceUtils.class)
@EnableConfigurationProperties(SluiceWriterProperties.class)
// In this order: each looks for beans of the one before.
@Import({NamedShardsConfiguration.class, ShardsConfiguration.class, OneDatabaseConfiguration.class})
public final class SluiceWriterAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  OutboxWriter outboxWriter(
      SluiceWriterProperties properties,
      ObjectProvider<PayloadSerializer> serializer,
      ObjectProvider<ObjectMapper> mapper,
      ObjectProvider<HeaderSource> headers) {
    OutboxWriterBuilder writer =
        OutboxWriter.builder()
            .maxEventBytes(properties.maxEventBytes())
            .headers(headers.orderedStream().reduce(HeaderSource::and).orElse(HeaderSource.NONE));
    PayloadSerializer own = serializer.getIfAvailable();
    if (own != null) {
      return writer.serializer(own).build();
    }
    mapper.ifAvailable(found -> writer.serializer(new JacksonPayloadSerializer(found)));
    return writer.build();
  }
}
