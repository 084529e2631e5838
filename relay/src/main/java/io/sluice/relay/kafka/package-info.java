/** How Kafka is reached. */
@NullMarked
package io.sluice.relay.kafka;

import org.jspecify.annotations.NullMarked;
