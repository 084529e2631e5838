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
 * Configures an {@link OutboxWriter} and a {@link SpringOutbox}; with shards also an {@code
 * OutboxService} and, if {@code sluice-admin} is on the class path, an {@code OutboxRepository}.
 * Each backs off if the application defines a bean of its type. See {@code docs/spring.md}.
 */
// Boot 3.5 and Boot 4 have this class in different packages.
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration"
    })
@ConditionalOnClass(DataSourceUtils.class)
@EnableConfigurationProperties(SluiceWriterProperties.class)
// The order matters: the conditions of each class check for beans of the classes before it.
@Import({
  NamedShardsConfiguration.class,
  ShardsConfiguration.class,
  RepositoryConfiguration.class,
  OneDatabaseConfiguration.class
})
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
