/** Measurements of the way from a readable record to a finished row. */
@NullMarked
package io.sluice.bench.handlers;

import org.jspecify.annotations.NullMarked;
