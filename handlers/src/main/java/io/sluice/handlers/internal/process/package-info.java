/** Decides which event's handler is called when, and what becomes of the event after that. */
@NullMarked
package io.sluice.handlers.internal.process;

import org.jspecify.annotations.NullMarked;
