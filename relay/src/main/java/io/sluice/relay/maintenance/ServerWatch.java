package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;

/** Checks periodically which server a source's address leads to, and where its binlog ends. */
final class ServerWatch implements TableTask {

  private final ShardSource source;
  private final Progress progress;
  private final MaintenanceTimings timings;

  ServerWatch(ShardSource source, Progress progress, MaintenanceTimings timings) {
    this.source = source;
    this.progress = progress;
    this.timings = timings;
  }

  @Override
  public String name() {
    return "check of the server's identity";
  }

  @Override
  public Duration runOnce() {
    BinlogEnd end = BinlogEnd.of(source);
    progress.see(end);
    return progress.isReadFrom(end) ? timings.serverInterval() : timings.uncertainInterval();
  }
}
