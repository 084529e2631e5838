/** From an event to the handler registered for it, and what came of the call. */
@NullMarked
package io.sluice.handlers.internal.dispatch;

import org.jspecify.annotations.NullMarked;
