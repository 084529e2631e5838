/** Creates Kafka records and dead letters of rows, and knows the topics they go to. */
@NullMarked
package io.sluice.relay.record;

import org.jspecify.annotations.NullMarked;
