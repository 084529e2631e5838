/** By which columns the rows of the outbox tables are decoded: names, types and statements. */
@NullMarked
package io.sluice.relay.schema;

import org.jspecify.annotations.NullMarked;
