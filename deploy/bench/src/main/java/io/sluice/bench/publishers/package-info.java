/** Programs that read the rows: the relay and its opponents. */
@NullMarked
package io.sluice.bench.publishers;

import org.jspecify.annotations.NullMarked;
