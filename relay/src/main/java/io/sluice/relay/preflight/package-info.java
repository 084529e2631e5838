/** Checks of the requirements that must hold before a shard is relayed. */
@NullMarked
package io.sluice.relay.preflight;

import org.jspecify.annotations.NullMarked;
