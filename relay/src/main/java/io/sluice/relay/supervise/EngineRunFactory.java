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
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.TransactionCursor;
import io.sluice.relay.record.RecordFactory;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.Position;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/** Starts the engine, the forwarder and the maintenance of a run. Thread-safe. */
public final class EngineRunFactory {

  private final KafkaSettings kafka;
  private final RecordFactory records;
  private final MaintenanceFactory maintenance;
  private final QueueMemory memory;
  private final SupervisionTimings timings;

  /** All runs, without those that have ended. */
  private final Set<EngineRun> runs = ConcurrentHashMap.newKeySet();

  public EngineRunFactory(
      KafkaSettings kafka,
      RecordFactory records,
      MaintenanceFactory maintenance,
      QueueMemory memory,
      SupervisionTimings timings) {
    this.kafka = kafka;
    this.records = records;
    this.maintenance = maintenance;
    this.memory = memory;
    this.timings = timings;
  }

  /**
   * Starts a run.
   *
   * @param position the position from which to relay
   * @param isOwned whether this relay still owns the shard
   */
  EngineRun start(
      ShardSource source,
      Position position,
      Destination destination,
      ShardStatistics statistics,
      BooleanSupplier isOwned) {
    // Read before the engine connects, so that a later change of the server is noticed.
    Progress progress = new Progress(position, ServerIdentity.of(source), statistics);
    List<MaintenanceThread> threads = maintenance.of(source, destination, progress, statistics);
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
                source,
                kafka,
                position.history(),
                memory.bytes(),
                destination.pace()::bytes,
                timings.heartbeat(),
                isOwned),
            position.offset(),
            forwarder);
    EngineRun run = new EngineRun(source, engine, destination, threads, progress);
    runs.removeIf(EngineRun::hasEnded);
    runs.add(run);
    try {
      threads.forEach(MaintenanceThread::start);
      return run;
    } catch (RuntimeException | Error e) {
      run.close();
      throw e;
    }
  }

  /**
   * The number of threads of closed runs that have not ended although they were interrupted. They
   * keep memory and connections, so a process with many of them should be restarted. The number
   * decreases when threads end late.
   */
  public int leakedThreads() {
    runs.removeIf(EngineRun::hasEnded);
    return runs.stream().mapToInt(EngineRun::leakedThreads).sum();
  }
}
