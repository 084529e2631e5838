/** What the relay keeps in Kafka about its shards: their registry and their positions. */
@NullMarked
package io.sluice.relay.ledger;

import org.jspecify.annotations.NullMarked;
