/** Compares rows that nobody has dealt with to their topics. */
@NullMarked
package io.sluice.relay.sweep;

import org.jspecify.annotations.NullMarked;
