/** Joins engine and publisher; the only place that advances a position. */
@NullMarked
package io.sluice.relay.forward;

import org.jspecify.annotations.NullMarked;
