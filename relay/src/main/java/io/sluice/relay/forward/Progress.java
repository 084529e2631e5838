package io.sluice.relay.forward;

import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.stats.ShardStatistics;
import io.sluice.relay.stats.ShardStatistics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * How far a run has come, for those who watch it: what was read, what was published, and when the
 * engine was last heard of. Written by the engine's thread, read by any.
 */
public final class Progress {

  private static final String TIMESTAMP_SECONDS = "ts_sec";

  private final Activity activity = new Activity();
  private final ShardStatistics statistics;
  private volatile RelayPosition position;

  /** A run that starts here. */
  public Progress(RelayPosition start, ShardStatistics statistics) {
    this.position = start;
    this.statistics = statistics;
  }

  /** When the engine was last heard of. */
  public Activity activity() {
    return activity;
  }

  /** Everything before this is in Kafka, though this position itself may not be stored yet. */
  public RelayPosition position() {
    return position;
  }

  void readUpTo(RelayPosition now, Map<String, ?> offset) {
    boolean hasMoved = !now.offset().equals(position.offset());
    position = now;
    if (!hasMoved) {
      // A server sends a heartbeat when it has nothing else to send.
      statistics.readUpToEnd(Instant.now());
    } else if (offset.get(TIMESTAMP_SECONDS) instanceof Number seconds) {
      statistics.readUpTo(Instant.ofEpochSecond(seconds.longValue()));
    }
  }

  void passedOver(Batch batch) {
    statistics.add(Counter.DROPPED_ROWS, batch.dropped());
    statistics.add(Counter.PREPARED_ROWS, batch.prepared());
  }

  void published(Batch batch, Duration took) {
    statistics.stored(Instant.now());
    statistics.add(Counter.BATCHES, 1);
    statistics.add(Counter.BATCH_NANOS, took.toNanos());
    statistics.add(Counter.PUBLISHED_EVENTS, batch.events());
    statistics.add(Counter.PUBLISHED_BYTES, batch.eventBytes());
    statistics.add(Counter.QUARANTINED_EVENTS, batch.quarantined());
  }
}
