package io.sluice.relay.binlog;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * The source that an engine reads, and the settings of the engine.
 *
 * @param source the server and its shards
 * @param kafka cluster with the schema history
 * @param historyTopic topic with the table definitions
 * @param queueBytes maximum bytes of rows that are read ahead of the forwarder
 * @param batchBytes size at which a batch is full, if the forwarder is behind; may change
 * @param heartbeat interval of heartbeats from an idle server
 * @param isOwned whether the relay still owns the source, as far as it knows
 */
public record EngineSource(
    ShardSource source,
    KafkaSettings kafka,
    String historyTopic,
    long queueBytes,
    LongSupplier batchBytes,
    Duration heartbeat,
    BooleanSupplier isOwned) {}
