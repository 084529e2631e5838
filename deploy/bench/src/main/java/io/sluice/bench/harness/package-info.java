/** Rounds, samples, child processes, and the servers and tables they work on. */
@NullMarked
package io.sluice.bench.harness;

import org.jspecify.annotations.NullMarked;
