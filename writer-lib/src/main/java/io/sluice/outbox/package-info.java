/**
 * The contract of all modules: the event, its table, and its names in Kafka. Depends neither on a
 * database driver nor on Kafka.
 */
@NullMarked
package io.sluice.outbox;

import org.jspecify.annotations.NullMarked;
