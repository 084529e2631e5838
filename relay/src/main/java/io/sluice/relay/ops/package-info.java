/** What is to be seen of a relay from outside: metrics and health, over HTTP. */
@NullMarked
package io.sluice.relay.ops;

import org.jspecify.annotations.NullMarked;
