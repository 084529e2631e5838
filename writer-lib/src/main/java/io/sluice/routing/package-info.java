/** Which shard a key belongs to. */
@NullMarked
package io.sluice.routing;

import org.jspecify.annotations.NullMarked;
