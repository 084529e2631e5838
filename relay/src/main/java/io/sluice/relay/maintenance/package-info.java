/**
 * Work on a shard's table beside relaying: cleanup, status markers, and the watch of the binlog's
 * headroom.
 */
@NullMarked
package io.sluice.relay.maintenance;

import org.jspecify.annotations.NullMarked;
