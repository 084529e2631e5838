/** Membership in the group of relays, and ownership of shards. */
@NullMarked
package io.sluice.relay.group;

import org.jspecify.annotations.NullMarked;
