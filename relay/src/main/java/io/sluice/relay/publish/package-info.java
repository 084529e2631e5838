/**
 * Makes Kafka records and dead letters of rows, knows their topics, and publishes them in Kafka
 * transactions.
 */
@NullMarked
package io.sluice.relay.publish;

import org.jspecify.annotations.NullMarked;
