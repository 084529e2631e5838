/** What is counted and measured of each source, for whoever shows it. */
@NullMarked
package io.sluice.relay.stats;

import org.jspecify.annotations.NullMarked;
