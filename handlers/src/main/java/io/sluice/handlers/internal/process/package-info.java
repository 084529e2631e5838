/** Schedules events, calls their handlers, and records the outcomes. */
@NullMarked
package io.sluice.handlers.internal.process;

import org.jspecify.annotations.NullMarked;
