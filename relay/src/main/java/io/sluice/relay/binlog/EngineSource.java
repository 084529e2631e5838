package io.sluice.relay.binlog;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * What an engine reads from, and with what means.
 *
 * @param source the server and its shards
 * @param kafka where the schema history is
 * @param historyTopic the tables' definitions over time
 * @param queueBytes of rows read ahead of the forwarder, at most
 * @param heartbeat of a server that has nothing else to send
 * @param isOwned whether the relay is still the source's owner, as far as can be known
 */
public record EngineSource(
    ShardSource source,
    KafkaSettings kafka,
    String historyTopic,
    long queueBytes,
    Duration heartbeat,
    BooleanSupplier isOwned) {}
