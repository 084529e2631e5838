/** What the owner of a source has yet to put right in its tables or on its topics. */
@NullMarked
package io.sluice.relay.repair;

import org.jspecify.annotations.NullMarked;
