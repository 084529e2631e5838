/** The ways to get Kafka. */
@NullMarked
package io.sluice.sandbox.server.internal.kafka;

import org.jspecify.annotations.NullMarked;
