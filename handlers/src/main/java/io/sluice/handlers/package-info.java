/** Runs business code for outbox events. Start at {@link io.sluice.handlers.HandlerRuntime}. */
@NullMarked
package io.sluice.handlers;

import org.jspecify.annotations.NullMarked;
