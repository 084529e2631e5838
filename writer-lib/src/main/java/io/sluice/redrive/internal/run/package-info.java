/** What is done with them, transaction by transaction, at which pace, and what is told of it. */
@NullMarked
package io.sluice.redrive.internal.run;

import org.jspecify.annotations.NullMarked;
