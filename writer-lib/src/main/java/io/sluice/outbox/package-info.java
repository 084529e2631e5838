/**
 * What every part of Sluice agrees on: the event, the table it is stored in, and the names it bears
 * in Kafka. Knows neither a database driver nor Kafka.
 */
@NullMarked
package io.sluice.outbox;

import org.jspecify.annotations.NullMarked;
