/** Kills parts of the system at moments drawn from a seed, and starts them again. */
@NullMarked
package io.sluice.sandbox.demo.chaos;

import org.jspecify.annotations.NullMarked;
