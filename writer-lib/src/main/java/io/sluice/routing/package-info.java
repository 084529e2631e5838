/** Determines the shard of a key. */
@NullMarked
package io.sluice.routing;

import org.jspecify.annotations.NullMarked;
