/** Commands of operators that inspect and change a group of relays. */
@NullMarked
package io.sluice.relay.admin;

import org.jspecify.annotations.NullMarked;
