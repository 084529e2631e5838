/** Finds the handler of an event, calls it, and reports the outcome. */
@NullMarked
package io.sluice.handlers.internal.dispatch;

import org.jspecify.annotations.NullMarked;
