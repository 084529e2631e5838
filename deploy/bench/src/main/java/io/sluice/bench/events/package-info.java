/** The events that are written, and the topics that they come to. */
@NullMarked
package io.sluice.bench.events;

import org.jspecify.annotations.NullMarked;
