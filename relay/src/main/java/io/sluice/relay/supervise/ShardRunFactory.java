package io.sluice.relay.supervise;

import io.sluice.relay.binlog.DebeziumReader;
import io.sluice.relay.binlog.EngineSource;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.MaintenanceFactory;
import io.sluice.relay.maintenance.MaintenanceThread;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.pipeline.BatchForwarder;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.TransactionCursor;
import io.sluice.relay.publish.RecordFactory;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Starts the engine, the forwarder and the maintenance of a run. Thread-safe. */
public final class ShardRunFactory {

  private final KafkaSettings kafka;
  private final RecordFactory records;
  private final MaintenanceFactory maintenance;
  private final RelayStatistics statistics;
  private final LeakedThreads leakedThreads;
  private final SupervisionTimings timings;

  public ShardRunFactory(
      KafkaSettings kafka,
      RecordFactory records,
      MaintenanceFactory maintenance,
      RelayStatistics statistics,
      LeakedThreads leakedThreads,
      SupervisionTimings timings) {
    this.kafka = kafka;
    this.records = records;
    this.maintenance = maintenance;
    this.statistics = statistics;
    this.leakedThreads = leakedThreads;
    this.timings = timings;
  }

  /**
   * Starts a run.
   *
   * @param position the position from which to relay
   * @param isOwned whether this relay still owns the shard
   */
  ShardRun start(
      ShardSource source,
      Position position,
      Destination destination,
      long queueBytes,
      BooleanSupplier isOwned) {
    ShardStatistics shardStatistics = statistics.of(source.id());
    // Read before the engine connects, so that a later change of the server is noticed.
    Progress progress = new Progress(position, ServerIdentity.of(source), shardStatistics);
    List<MaintenanceThread> maintenanceThreads =
        maintenance.of(source, destination, progress, shardStatistics);
    BatchForwarder forwarder =
        new BatchForwarder(
            source,
            records,
            destination,
            new TransactionCursor(position, timings.idleStore()),
            progress);
    DebeziumReader engine =
        DebeziumReader.start(
            new EngineSource(
                source, kafka, position.history(), queueBytes, timings.heartbeat(), isOwned),
            position.offset(),
            forwarder);
    ShardRun run =
        new ShardRun(
            source,
            new ShardRun.Parts(engine, destination, maintenanceThreads, progress),
            leakedThreads,
            timings.engineEnd());
    try {
      maintenanceThreads.forEach(MaintenanceThread::start);
      return run;
    } catch (RuntimeException | Error e) {
      run.close();
      throw e;
    }
  }
}
