/** Consumes a domain's topic and commits the offsets of finished events. */
@NullMarked
package io.sluice.handlers.internal.consume;

import org.jspecify.annotations.NullMarked;
