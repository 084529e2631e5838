/** Puts events and the position they lead to into Kafka, together. */
@NullMarked
package io.sluice.relay.publish;

import org.jspecify.annotations.NullMarked;
