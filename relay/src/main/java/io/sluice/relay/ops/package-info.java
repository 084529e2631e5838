/** Health and metrics over HTTP. */
@NullMarked
package io.sluice.relay.ops;

import org.jspecify.annotations.NullMarked;
