/** What has to hold before a shard is relayed. */
@NullMarked
package io.sluice.relay.preflight;

import org.jspecify.annotations.NullMarked;
