/**
 * State that the relays of a group store in Kafka: positions, the registry of shards, and pending
 * work.
 */
@NullMarked
package io.sluice.relay.state;

import org.jspecify.annotations.NullMarked;
