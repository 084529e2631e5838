/** Threads that do the same again and again. */
@NullMarked
package io.sluice.relay.loop;

import org.jspecify.annotations.NullMarked;
