/** What can go wrong with a shard, told apart by who can put it right. */
@NullMarked
package io.sluice.relay.failure;

import org.jspecify.annotations.NullMarked;
