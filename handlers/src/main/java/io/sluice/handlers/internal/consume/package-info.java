/** Reads a domain's topic, and commits the offsets of what is finished. */
@NullMarked
package io.sluice.handlers.internal.consume;

import org.jspecify.annotations.NullMarked;
