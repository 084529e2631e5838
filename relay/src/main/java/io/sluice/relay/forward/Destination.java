package io.sluice.relay.forward;

import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.repair.Completions;
import io.sluice.relay.repair.OpenRepairs;

/**
 * Where one run of a source leaves what it has done.
 *
 * @param slot of its state in Kafka
 * @param publisher for events and state
 * @param repairs what remains to be put right in its tables
 * @param completions which rows are to be marked PUBLISHED
 */
public record Destination(
    PositionSlot slot, Publisher publisher, OpenRepairs repairs, Completions completions) {}
