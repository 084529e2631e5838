package io.sluice.relay.forward;

import io.sluice.relay.check.BinlogEnd;
import io.sluice.relay.publish.RelayPosition;
import io.sluice.relay.stats.ShardStatistics;
import io.sluice.relay.stats.ShardStatistics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * How far a run has come, for those who watch it: what was read, what was published, and when the
 * engine was last heard of. Written by the engine's thread, read by any.
 */
public final class Progress {

  private static final String TIMESTAMP_SECONDS = "ts_sec";

  private final Activity activity = new Activity();
  private final String server;
  private final ShardStatistics statistics;
  private volatile RelayPosition position;
  private volatile Optional<BinlogEnd> seenEnd = Optional.empty();
  private volatile boolean isElsewhere;

  /**
   * A run that starts here.
   *
   * @param server whose binary log is read: the UUID it calls itself by
   */
  public Progress(RelayPosition start, String server, ShardStatistics statistics) {
    this.position = start;
    this.server = server;
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

  /** Tells where the binary log ended when it was asked for at the source's address. */
  public void see(BinlogEnd end) {
    if (end.server().equals(server)) {
      seenEnd = Optional.of(end);
    } else {
      isElsewhere = true;
    }
  }

  /** The end seen last. */
  Optional<BinlogEnd> seenEnd() {
    return seenEnd;
  }

  /**
   * Whether the source's address leads to another server by now, as after a switch-over. The server
   * that is read may live on, and says nothing of what is committed on the other.
   */
  public boolean isElsewhere() {
    return isElsewhere;
  }

  /** Whether all before this end is in Kafka, which only the server that is read can tell. */
  public boolean isBeyond(BinlogEnd end) {
    return end.server().equals(server) && activity.hasBegun() && end.isPassedBy(position);
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
