package io.sluice.relay.pipeline;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.state.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How far a run has come, for those who watch it: what was read, what was published, and when the
 * engine was last heard of. Written by the engine's thread, read by any.
 */
public final class Progress {

  private static final String TIMESTAMP_SECONDS = "ts_sec";
  private static final String SERVER_ID = "server_id";

  /** Many looks of the upkeep, which end the run if they find another server. */
  private static final Duration STEADY = Duration.ofMinutes(3);

  private final Activity activity = new Activity();
  private final long begin = System.nanoTime();
  private final ServerIdentity server;
  private final ShardStatistics statistics;
  private volatile Position position;
  private volatile Optional<BinlogEnd> seenEnd = Optional.empty();
  private volatile boolean isElsewhere;
  private volatile @Nullable RelayException failure;

  /** How often the address was found to lead to our server since the engine is connected. */
  private final AtomicInteger looks = new AtomicInteger();

  private volatile boolean isConnected;
  private volatile boolean hasSentItsOwn;

  /**
   * A run that starts here.
   *
   * @param server that the source's address led to just before
   */
  public Progress(Position start, ServerIdentity server, ShardStatistics statistics) {
    this.position = start;
    this.server = server;
    this.statistics = statistics;
  }

  /** When the engine was last heard of. */
  public Activity activity() {
    return activity;
  }

  /** Everything before this is in Kafka, though this position itself may not be stored yet. */
  public Position position() {
    return position;
  }

  /** Tells where the binary log ended when it was asked for at the source's address just now. */
  public void see(BinlogEnd end) {
    if (!end.server().equals(server)) {
      isElsewhere = true;
      return;
    }
    seenEnd = Optional.of(end);
    if (isConnected) {
      looks.incrementAndGet();
    }
  }

  /** The end seen last, of the log that is read; none while it is not certain that it is. */
  Optional<BinlogEnd> seenEnd() {
    return isConfirmed() ? seenEnd : Optional.empty();
  }

  /**
   * Whether the source's address leads to another server by now, as after a switch-over. The server
   * that is read may live on, and says nothing of what is committed on the other.
   */
  public boolean isElsewhere() {
    return isElsewhere;
  }

  /** Whether this is an end of the very log that is read, so that the server's tables match it. */
  public boolean isReadFrom(BinlogEnd end) {
    return isConfirmed() && end.server().equals(server);
  }

  /** Whether all before this end is in Kafka, which only the server that is read can tell. */
  public boolean isBeyond(BinlogEnd end) {
    return isReadFrom(end) && activity.hasBegun() && end.isPassedBy(position);
  }

  /**
   * Whether the server that is read is ours. The engine has a connection of its own, which may have
   * led to another: behind a name for several, or one that was switched over as the engine started.
   * It is ours if it sends events that ours has made, such as those it sends when it has nothing
   * else to send. A replica of ours would send these too, but then the address would lead to the
   * replica when it is asked again: twice, for the first answer may be as old as the connection. A
   * replica that is never idle sends none of its own; there it has to do that the name has led to
   * no other for long.
   */
  private boolean isConfirmed() {
    boolean isSteady = System.nanoTime() - begin > STEADY.toNanos() && seenEnd.isPresent();
    return !isElsewhere && (isSteady || (hasSentItsOwn && looks.get() >= 2));
  }

  /** Tells what the engine's connection has sent last. */
  void hears(Map<String, ?> offset) {
    isConnected = true;
    if (offset.get(SERVER_ID) instanceof Number sender && sender.longValue() == server.id()) {
      hasSentItsOwn = true;
    }
  }

  /** Tells what the batch that is being handled ends with, and the run with it. */
  void fails(RelayException cause) {
    failure = cause;
  }

  /** What a batch has ended with, if one has failed. */
  public Optional<RelayException> failure() {
    return Optional.ofNullable(failure);
  }

  void readUpTo(Position now, Map<String, ?> offset) {
    boolean hasMoved = !now.offset().equals(position.offset());
    position = now;
    if (!hasMoved && !Position.isAmongRows(offset)) {
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
