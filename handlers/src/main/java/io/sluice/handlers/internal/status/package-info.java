/** The status store: reads and writes the delivery columns of events' rows, for each shard. */
@NullMarked
package io.sluice.handlers.internal.status;

import org.jspecify.annotations.NullMarked;
