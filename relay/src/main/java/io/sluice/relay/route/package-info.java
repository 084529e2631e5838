/** Where events go: domains, topics, the records made of rows, and what happens to the rest. */
@NullMarked
package io.sluice.relay.route;

import org.jspecify.annotations.NullMarked;
