/** An event's way from its record to its outcome, one after another within an aggregate. */
@NullMarked
package io.sluice.handlers.internal.flow;

import org.jspecify.annotations.NullMarked;
