/** What the owner of a source does for its tables beside relaying them. */
@NullMarked
package io.sluice.relay.upkeep;

import org.jspecify.annotations.NullMarked;
