/** A shard: its server, its tables, its rows, and the failures that end its relaying. */
@NullMarked
package io.sluice.relay.shard;

import org.jspecify.annotations.NullMarked;
