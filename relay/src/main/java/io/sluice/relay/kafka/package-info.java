/** Connections to Kafka: client settings, the admin client, topics and their settings. */
@NullMarked
package io.sluice.relay.kafka;

import org.jspecify.annotations.NullMarked;
