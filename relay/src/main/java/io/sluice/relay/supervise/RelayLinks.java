package io.sluice.relay.supervise;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.publish.Routing;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.state.InternalTopics;

/**
 * A relay's way to Kafka, the same for all its sources.
 *
 * @param kafka how to reach the brokers
 * @param internal names of the relay's own topics
 * @param publishers opens what publishes
 * @param commonTopics sees that topics exist
 * @param routing where events go
 */
public record RelayLinks(
    KafkaSettings kafka,
    InternalTopics internal,
    Publishers publishers,
    TopicCatalog commonTopics,
    Routing routing) {}
