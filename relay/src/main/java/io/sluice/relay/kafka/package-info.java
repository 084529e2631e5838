/** Connections to Kafka: client settings, the admin client, reads of topic settings. */
@NullMarked
package io.sluice.relay.kafka;

import org.jspecify.annotations.NullMarked;
