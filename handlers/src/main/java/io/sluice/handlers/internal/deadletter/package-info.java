/** Dead letters: events that failed for good, on the domain's dead-letter topic. */
@NullMarked
package io.sluice.handlers.internal.deadletter;

import org.jspecify.annotations.NullMarked;
