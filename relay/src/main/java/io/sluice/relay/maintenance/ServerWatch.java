package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;

/** Looks now and then which server a source's address leads to, and where its binary log ends. */
final class ServerWatch implements TableTask {

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** Much waits for it to be certain which server is read. */
  private static final Duration UNTIL_CERTAIN = Duration.ofSeconds(2);

  private final ShardSource source;
  private final Progress progress;

  ServerWatch(ShardSource source, Progress progress) {
    this.source = source;
    this.progress = progress;
  }

  @Override
  public String name() {
    return "watch over the server's identity";
  }

  @Override
  public Duration runOnce() {
    BinlogEnd end = BinlogEnd.of(source);
    progress.see(end);
    return progress.isReadFrom(end) ? INTERVAL : UNTIL_CERTAIN;
  }
}
