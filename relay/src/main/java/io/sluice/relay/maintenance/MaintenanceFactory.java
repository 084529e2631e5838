package io.sluice.relay.maintenance;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.KeptConnection;
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
  private final ServerTurns turns = new ServerTurns();
  private final RecordFactory records;
  private final MaintenanceTimings timings;
  private final ReconcileTimings reconcile;
  private final RecentEnds ends;

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
    // Much less than the interval, because the age of an end adds to the lag that is shown.
    this.ends = new RecentEnds(timings.serverInterval().dividedBy(10));
  }

  /**
   * Creates the threads without starting them: one for short tasks, one for cleanup, and one for
   * reconciliation, which takes long and waits for the scans of other shards.
   */
  public List<MaintenanceThread> of(
      ShardSource source, Destination destination, Progress progress, ShardStatistics statistics) {
    Replayer replayer = new Replayer(records, destination, statistics);
    return List.of(
        shortTasks(source, replayer, destination, progress, statistics),
        cleanup(source, statistics),
        reconciliation(source, replayer, destination, progress, statistics));
  }

  private MaintenanceThread shortTasks(
      ShardSource source,
      Replayer replayer,
      Destination destination,
      Progress progress,
      ShardStatistics statistics) {
    KeptConnection kept = new KeptConnection();
    StatusMarker marker =
        new StatusMarker(TableAccess.maintained(source), kept, destination, statistics, timings);
    PreparedRows prepared =
        new PreparedRows(source, replayer, destination, progress, reconcile.interval());
    List<MaintenanceTask> tasks =
        List.of(
            new MaintenanceTask("marking of events as PUBLISHED", marker::markPublished),
            new MaintenanceTask("marking of rows as FAILED", marker::markFailed),
            new MaintenanceTask("check of XA transactions", prepared::runOnce),
            new MaintenanceTask(
                "check of the server's identity", () -> checkServer(source, progress)));
    return new MaintenanceThread(source, "maintenance", tasks, kept, statistics, timings);
  }

  private MaintenanceThread cleanup(ShardSource source, ShardStatistics statistics) {
    KeptConnection kept = new KeptConnection();
    List<MaintenanceTask> tasks = new ArrayList<>();
    for (TableAccess table : TableAccess.maintained(source)) {
      RowCleaner cleaner = new RowCleaner(table, kept, statistics);
      settings
          .cleanup()
          .published()
          .ifPresent(
              retention ->
                  tasks.add(cleanup("PUBLISHED", table, () -> cleaner.removePublished(retention))));
      settings
          .cleanup()
          .failed()
          .ifPresent(
              retention ->
                  tasks.add(cleanup("FAILED", table, () -> cleaner.removeFailed(retention))));
    }
    return new MaintenanceThread(source, "cleanup", tasks, kept, statistics, timings);
  }

  private MaintenanceTask cleanup(String status, TableAccess table, MaintenanceTask.Work step) {
    return new MaintenanceTask(
        "cleanup of %s rows of %s".formatted(status, table.name()),
        () -> turns.run(table.server(), step));
  }

  private MaintenanceThread reconciliation(
      ShardSource source,
      Replayer replayer,
      Destination destination,
      Progress progress,
      ShardStatistics statistics) {
    KeptConnection kept = new KeptConnection();
    List<MaintenanceTask> tasks = new ArrayList<>();
    for (TableAccess table : TableAccess.maintained(source)) {
      TopicLookup topics =
          new TopicLookup(table.shard(), scans, records.topics(), reconcile.topicRetry());
      Reconciler reconciler =
          new Reconciler(table, topics, replayer, destination.pendingWork(), statistics);
      Reconciliation tables =
          new Reconciliation(
              table, kept, settings.sweep(), reconciler, destination, progress, reconcile);
      tasks.add(
          new MaintenanceTask("reconciliation of " + table.name(), tables::runOnce, tables::close));
    }
    return new MaintenanceThread(source, "reconcile", tasks, kept, statistics, timings);
  }

  /**
   * Checks which server a source's address leads to, and where its binlog ends. An end that was
   * read for another shard is no evidence about a connection that may be younger.
   */
  private Duration checkServer(ShardSource source, Progress progress) {
    BinlogEnd end = progress.isConfirmed() ? ends.recent(source) : ends.now(source);
    progress.see(end);
    return progress.isReadFrom(end) ? timings.serverInterval() : timings.uncertainInterval();
  }
}
