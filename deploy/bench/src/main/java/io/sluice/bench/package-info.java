/** The command that measures Sluice beside other ways to do the same work. */
@NullMarked
package io.sluice.bench;

import org.jspecify.annotations.NullMarked;
