/** What operators ask of a group of relays and change in it, from outside of it. */
@NullMarked
package io.sluice.relay.admin;

import org.jspecify.annotations.NullMarked;
