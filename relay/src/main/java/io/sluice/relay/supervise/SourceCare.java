package io.sluice.relay.supervise;

import io.sluice.relay.maintenance.MaintenanceFactory;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.recovery.PositionRecovery;
import java.util.OptionalLong;

/**
 * What a relay does for each of its sources beside publishing.
 *
 * @param healer of positions
 * @param upkeep of tables
 * @param statistics of everything
 * @param leftovers of runs that did not end as they should
 * @param queueBytes of rows an engine reads ahead, at most; empty for what the heap allows
 */
public record SourceCare(
    PositionRecovery healer,
    MaintenanceFactory upkeep,
    RelayStatistics statistics,
    LeakedThreads leftovers,
    OptionalLong queueBytes) {}
