package io.sluice.relay.maintenance;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.reconcile.PreparedRows;
import io.sluice.relay.reconcile.ReconcileTimings;
import io.sluice.relay.reconcile.Reconciler;
import io.sluice.relay.reconcile.Reconciliation;
import io.sluice.relay.reconcile.Replayer;
import io.sluice.relay.reconcile.TopicLookup;
import io.sluice.relay.reconcile.TopicScans;
import io.sluice.relay.record.RecordFactory;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
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
    List<TableAccess> tables = TableAccess.maintained(source);
    Replayer replayer = new Replayer(records, destination, statistics);
    StatusMarker marker = new StatusMarker(tables, destination, statistics, timings.markInterval());
    PreparedRows prepared =
        new PreparedRows(source, replayer, destination, progress, reconcile.interval());
    List<MaintenanceTask> shortTasks =
        List.of(
            new MaintenanceTask("marking of events as PUBLISHED", marker::markPublished),
            new MaintenanceTask("marking of rows as FAILED", marker::markFailed),
            new MaintenanceTask("check of XA transactions", prepared::runOnce),
            new MaintenanceTask(
                "check of the server's identity", () -> checkServer(source, progress)));
    List<MaintenanceTask> cleanups = new ArrayList<>();
    List<MaintenanceTask> reconciliations = new ArrayList<>();
    for (TableAccess table : tables) {
      cleanups.addAll(cleanups(table, statistics));
      TopicLookup topics =
          new TopicLookup(table.shard(), scans, records.topics(), reconcile.topicRetry());
      Reconciler reconciler =
          new Reconciler(table, topics, replayer, destination.pendingWork(), statistics);
      Reconciliation reconciliation =
          new Reconciliation(table, settings.sweep(), reconciler, destination, progress, reconcile);
      reconciliations.add(
          new MaintenanceTask("reconciliation of " + table.name(), reconciliation::runOnce));
    }
    return List.of(
        new MaintenanceThread(source, "maintenance", shortTasks, statistics, timings),
        new MaintenanceThread(source, "cleanup", cleanups, statistics, timings),
        new MaintenanceThread(source, "reconcile", reconciliations, statistics, timings));
  }

  private List<MaintenanceTask> cleanups(TableAccess table, ShardStatistics statistics) {
    RowCleaner cleaner = new RowCleaner(table, settings.cleanup(), statistics);
    List<MaintenanceTask> cleanups = new ArrayList<>();
    settings
        .cleanup()
        .published()
        .ifPresent(
            retention ->
                cleanups.add(
                    new MaintenanceTask(
                        "cleanup of PUBLISHED rows of " + table.name(),
                        () -> cleaner.removePublished(retention))));
    settings
        .cleanup()
        .failed()
        .ifPresent(
            retention ->
                cleanups.add(
                    new MaintenanceTask(
                        "cleanup of FAILED rows of " + table.name(),
                        () -> cleaner.removeFailed(retention))));
    return cleanups;
  }

  /** Checks which server a source's address leads to, and where its binlog ends. */
  private Duration checkServer(ShardSource source, Progress progress) {
    BinlogEnd end = BinlogEnd.of(source);
    progress.see(end);
    return progress.isReadFrom(end) ? timings.serverInterval() : timings.uncertainInterval();
  }
}
