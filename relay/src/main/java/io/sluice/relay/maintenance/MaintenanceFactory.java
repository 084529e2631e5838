package io.sluice.relay.maintenance;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.mysql.StatusMarker;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.publish.RecordFactory;
import io.sluice.relay.reconcile.PendingSweep;
import io.sluice.relay.reconcile.PreparedRows;
import io.sluice.relay.reconcile.ReconcileTimings;
import io.sluice.relay.reconcile.Reconciler;
import io.sluice.relay.reconcile.Replayer;
import io.sluice.relay.reconcile.SweepReplay;
import io.sluice.relay.reconcile.TopicLookup;
import io.sluice.relay.reconcile.TopicScans;
import io.sluice.relay.reconcile.WorkItemStore;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.util.ArrayList;
import java.util.List;

/** Creates the maintenance threads of a source for one run. Thread-safe. */
public final class MaintenanceFactory {

  private final MaintenanceSettings settings;
  private final TopicScans scans;
  private final RecordFactory records;
  private final MaintenanceTimings timings;
  private final ReconcileTimings reconcile;

  public MaintenanceFactory(
      MaintenanceSettings settings,
      KafkaSettings kafka,
      RecordFactory records,
      MaintenanceTimings timings,
      ReconcileTimings reconcile) {
    this.settings = settings;
    this.scans = new TopicScans(kafka, reconcile.scanStall());
    this.records = records;
    this.timings = timings;
    this.reconcile = reconcile;
  }

  /**
   * Creates the threads without starting them: one for short tasks, one for cleanup, and one for
   * reconciliation, which takes long and waits for the scans of other shards.
   */
  public List<MaintenanceThread> of(
      ShardSource source, Destination destination, Progress progress, ShardStatistics statistics) {
    WorkItemStore store = new WorkItemStore(destination);
    StatusMarker marker = new StatusMarker(source);
    Replayer replayer = new Replayer(records, store, destination.completions(), statistics);
    List<TableTask> shortTasks =
        List.of(
            new Completer(destination.completions(), marker, statistics, timings.markInterval()),
            new QuarantineMarker(store, marker, timings.markInterval()),
            new PreparedRows(source, store, replayer, progress, reconcile.interval()),
            new ServerWatch(source, progress, timings));
    List<TableTask> cleaners = new ArrayList<>();
    List<TableTask> sweeps = new ArrayList<>();
    for (ShardTable table : source.tables()) {
      if (table.layout().hasDelivery()) {
        cleaners.addAll(cleaners(source.server(), table, statistics));
        Reconciler.Tools tools =
            new Reconciler.Tools(
                store,
                new SweepReplay(source.server(), table, replayer),
                destination.completions());
        TopicLookup topics =
            new TopicLookup(table.shard(), scans, records.topics(), reconcile.topicRetry());
        Reconciler reconciler =
            new Reconciler(
                table, topics, records.topics().directory().domains(), tools, statistics);
        PendingSweep.Means means = new PendingSweep.Means(store, reconciler, progress);
        sweeps.add(new PendingSweep(source.server(), table, settings.sweep(), means, reconcile));
      }
    }
    return List.of(
        new MaintenanceThread(source, "maintenance", shortTasks, statistics, timings),
        new MaintenanceThread(source, "cleanup", cleaners, statistics, timings),
        new MaintenanceThread(source, "sweep", sweeps, statistics, timings));
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
