package io.sluice.writer.spring;

import io.sluice.writer.OutboxWriterBuilder;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the writer.
 *
 * @param maxEventBytes Maximum bytes of an event's payload and headers. Larger events are refused.
 * @param shards Names of the DataSource beans by shard id.
 */
@ConfigurationProperties(prefix = SluiceWriterProperties.PREFIX, ignoreUnknownFields = false)
record SluiceWriterProperties(
    @DefaultValue("" + OutboxWriterBuilder.DEFAULT_MAX_EVENT_BYTES) int maxEventBytes,
    @DefaultValue Map<String, String> shards) {

  static final String PREFIX = "sluice.writer";

  static final String SHARDS = PREFIX + ".shards";

  SluiceWriterProperties {
    if (maxEventBytes < 1) {
      throw new IllegalArgumentException(
          "%s.max-event-bytes is %d: it must be 1 or more".formatted(PREFIX, maxEventBytes));
    }
    shards = Map.copyOf(shards);
  }
}
