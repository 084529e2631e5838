package io.sluice.relay.supervise;

import io.sluice.relay.heal.PositionHealer;
import io.sluice.relay.stats.AllStatistics;
import io.sluice.relay.upkeep.UpkeepFactory;
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
    PositionHealer healer,
    UpkeepFactory upkeep,
    AllStatistics statistics,
    Leftovers leftovers,
    OptionalLong queueBytes) {}
