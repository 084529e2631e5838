/**
 * Creates Kafka records and dead letters of rows, manages their topics, and publishes the records
 * in Kafka transactions.
 */
@NullMarked
package io.sluice.relay.publish;

import org.jspecify.annotations.NullMarked;
