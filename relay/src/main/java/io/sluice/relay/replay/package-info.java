/** Publishes rows as they stand in their table: the path of those the binary log does not bring. */
@NullMarked
package io.sluice.relay.replay;

import org.jspecify.annotations.NullMarked;
