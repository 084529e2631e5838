/** Measurements of writing events. */
@NullMarked
package io.sluice.bench.writer;

import org.jspecify.annotations.NullMarked;
