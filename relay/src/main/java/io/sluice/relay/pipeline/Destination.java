package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Publisher;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PositionSlot;

/**
 * Where one run of a source leaves what it has done.
 *
 * @param slot of its state in Kafka
 * @param publisher for events and state
 * @param repairs what remains to be put right in its tables
 * @param completions which rows are to be marked PUBLISHED
 */
public record Destination(
    PositionSlot slot, Publisher publisher, PendingWork repairs, Completions completions) {}
