/** What is done when a position is no longer good: reported, and where allowed, put right. */
@NullMarked
package io.sluice.relay.heal;

import org.jspecify.annotations.NullMarked;
