/** Publishes records and state, by default in Kafka transactions. */
@NullMarked
package io.sluice.relay.publish;

import org.jspecify.annotations.NullMarked;
