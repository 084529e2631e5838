/** From an event to the handler registered for it, the call, and what came of it. */
@NullMarked
package io.sluice.handlers.internal.dispatch;

import org.jspecify.annotations.NullMarked;
