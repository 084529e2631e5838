/** What a shard's server and table must be like before the relay reads from them. */
@NullMarked
package io.sluice.relay.check;

import org.jspecify.annotations.NullMarked;
