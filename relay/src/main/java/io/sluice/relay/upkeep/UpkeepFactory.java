package io.sluice.relay.upkeep;

import io.sluice.relay.forward.Destination;
import io.sluice.relay.forward.Progress;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.ledger.TopicScans;
import io.sluice.relay.replay.PreparedRows;
import io.sluice.relay.replay.RepairDesk;
import io.sluice.relay.replay.Replayer;
import io.sluice.relay.route.Routing;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.stats.ShardStatistics;
import io.sluice.relay.sweep.PendingSweep;
import io.sluice.relay.sweep.SweepJudge;
import io.sluice.relay.sweep.SweepReplay;
import io.sluice.relay.table.StatusMarker;
import io.sluice.relay.table.TableTask;
import java.util.ArrayList;
import java.util.List;

/** Makes the upkeep of a source for one run. Thread-safe. */
public final class UpkeepFactory {

  private final UpkeepSettings settings;
  private final TopicScans scans;
  private final Routing routing;

  public UpkeepFactory(UpkeepSettings settings, KafkaSettings kafka, Routing routing) {
    this.settings = settings;
    this.scans = new TopicScans(kafka);
    this.routing = routing;
  }

  /**
   * The upkeep, not started yet: what is quickly done, cleanup, and sweeps, which take long and
   * wait for those of other sources.
   */
  public List<Upkeep> of(
      ShardSource source, Destination destination, Progress progress, ShardStatistics statistics) {
    RepairDesk desk = new RepairDesk(destination);
    StatusMarker marker = new StatusMarker(source);
    Replayer replayer = new Replayer(routing, desk, destination.completions(), statistics);
    List<TableTask> quick =
        List.of(
            new Completer(destination.completions(), marker, statistics),
            new QuarantineMarker(desk, marker),
            new PreparedRows(source, desk, replayer, progress),
            new ServerWatch(source, progress));
    List<TableTask> cleaners = new ArrayList<>();
    List<TableTask> sweeps = new ArrayList<>();
    for (ShardTable table : source.tables()) {
      if (table.layout().hasDelivery()) {
        cleaners.addAll(cleaners(source.server(), table, statistics));
        SweepJudge.Tools tools =
            new SweepJudge.Tools(
                desk, new SweepReplay(source.server(), table, replayer), destination.completions());
        SweepJudge judge = new SweepJudge(table, scans, routing, tools, statistics);
        PendingSweep.Means means = new PendingSweep.Means(desk, judge, progress);
        sweeps.add(new PendingSweep(source.server(), table, settings.sweep(), means));
      }
    }
    return List.of(
        new Upkeep(source, "upkeep", quick, statistics),
        new Upkeep(source, "cleanup", cleaners, statistics),
        new Upkeep(source, "sweep", sweeps, statistics));
  }

  private List<TableTask> cleaners(
      ShardServer server, ShardTable table, ShardStatistics statistics) {
    CleanupSettings cleanup = settings.cleanup();
    List<TableTask> cleaners = new ArrayList<>();
    if (cleanup.published().isPresent()) {
      cleaners.add(new PublishedCleaner(server, table, cleanup, statistics));
    }
    if (cleanup.failed().isPresent()) {
      cleaners.add(new FailedCleaner(server, table, cleanup, statistics));
    }
    return cleaners;
  }
}
