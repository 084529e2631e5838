package io.sluice.relay.engine;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import java.util.Properties;

/**
 * What an engine reads from.
 *
 * @param shard the server and database
 * @param kafka where the schema history is
 * @param historyTopic the shard's schema history
 */
public record EngineSource(ShardSource shard, KafkaSettings kafka, String historyTopic) {

  Properties properties() {
    return EngineProperties.of(shard, kafka, historyTopic);
  }
}
