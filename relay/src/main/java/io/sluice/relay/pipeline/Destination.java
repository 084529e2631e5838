package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Publisher;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PositionSlot;

/**
 * The outputs of one run of a source.
 *
 * @param slot its place in the state topics
 * @param publisher publishes events and state
 * @param pendingWork the pending work on its tables
 * @param completions the rows to mark PUBLISHED
 */
public record Destination(
    PositionSlot slot, Publisher publisher, PendingWork pendingWork, Completions completions) {}
