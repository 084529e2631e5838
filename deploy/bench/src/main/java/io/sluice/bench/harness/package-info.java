/** Rounds, laps, samples and child processes. */
@NullMarked
package io.sluice.bench.harness;

import org.jspecify.annotations.NullMarked;
