/** Who owns which shard: relays of one group share the partitions of the positions topic. */
@NullMarked
package io.sluice.relay.assign;

import org.jspecify.annotations.NullMarked;
