package io.sluice.bench.handlers;

import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A consumer of committed records, whose group begins with the first of them. */
final class GroupConsumer {

  private GroupConsumer() {}

  /**
   * @param commits whether the consumer commits its offsets itself
   */
  static KafkaConsumer<byte[], byte[]> open(
      String bootstrapServers, String group, boolean commits) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "group.id",
            group,
            "isolation.level",
            "read_committed",
            "enable.auto.commit",
            commits,
            "auto.offset.reset",
            "earliest"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
