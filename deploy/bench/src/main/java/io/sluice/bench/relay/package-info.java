/** Measurements of the way from a committed row to a readable record. */
@NullMarked
package io.sluice.bench.relay;

import org.jspecify.annotations.NullMarked;
