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
 * The progress of a run: what was read, what was published, and when the engine last showed a sign
 * of life. MySQL sends heartbeats while it has nothing else to send, so silence means that the
 * connection is lost, even if no error was raised. Written by the engine's thread, read by any
 * thread.
 */
public final class Progress {

  private static final String SERVER_ID = "server_id";

  /** Covers many checks by maintenance, which end the run when they find another server. */
  private static final Duration STEADY = Duration.ofMinutes(3);

  private final long begin = System.nanoTime();
  private volatile long lastSignOfLife = begin;
  private volatile boolean isHandling;
  private volatile boolean hasBegun; // written only by the engine's thread
  private final ServerIdentity server;
  private final ShardStatistics statistics;
  private volatile Position position;
  private volatile Optional<BinlogEnd> seenEnd = Optional.empty();
  private volatile boolean isElsewhere;
  private volatile @Nullable RelayException failure;

  /** How often the address has led to the expected server since the engine connected. */
  private final AtomicInteger looks = new AtomicInteger();

  private volatile boolean isConnected;
  private volatile boolean hasSentItsOwn;
  private volatile boolean hasStored;
  private final ReadTime readTime;

  /**
   * The progress of a run that starts at this position.
   *
   * @param server the server that the source's address led to just before
   */
  public Progress(Position start, ServerIdentity server, ShardStatistics statistics) {
    this.position = start;
    this.server = server;
    this.statistics = statistics;
    this.readTime = new ReadTime(start.readUpTo());
  }

  /** Records that a batch is being handled. */
  void begin() {
    isHandling = true;
  }

  /** Records that the handling of a batch has ended. */
  void end(boolean success) {
    lastSignOfLife = System.nanoTime();
    hasBegun |= success;
    isHandling = false;
  }

  /** Whether the first batch has been handled. */
  public boolean hasBegun() {
    return hasBegun;
  }

  /** Whether a position was stored, so that another run would start further on. */
  public boolean hasStored() {
    return hasStored;
  }

  /** Whether the run has stored a position, or has found that there is nothing to read. */
  public boolean isRelaying() {
    return hasStored || readTime.hasCaughtUp();
  }

  /** Whether a batch is being handled. */
  public boolean isHandling() {
    return isHandling;
  }

  /** The time since the engine's last sign of life; zero while a batch is being handled. */
  public Duration silence() {
    return isHandling ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastSignOfLife);
  }

  /** The position up to which everything is in Kafka. It may not be stored yet. */
  public Position position() {
    return position;
  }

  /** Records the end of the binlog that the server at the source's address has just reported. */
  public void see(BinlogEnd end) {
    if (!end.server().equals(server)) {
      isElsewhere = true;
      return;
    }
    seenEnd = Optional.of(end);
    readTime.see(end);
    readTime.report(statistics);
    if (isConnected) {
      looks.incrementAndGet();
    }
  }

  /** The last reported end of the binlog that is read; empty until its server is confirmed. */
  Optional<BinlogEnd> seenEnd() {
    return isConfirmed() ? seenEnd : Optional.empty();
  }

  /**
   * Whether the source's address now leads to another server, as after a switch-over. The server
   * that is read may still run, but does not see what is committed on the other.
   */
  public boolean isElsewhere() {
    return isElsewhere;
  }

  /** Whether this is an end of the binlog that is read, so that the server's tables match it. */
  public boolean isReadFrom(BinlogEnd end) {
    return isConfirmed() && end.server().equals(server);
  }

  /** Whether everything before this end is in Kafka; false for the end of another server. */
  public boolean isBeyond(BinlogEnd end) {
    return isReadFrom(end) && hasBegun && end.isPassedBy(position);
  }

  /**
   * Whether the engine reads the expected server. The engine opens its own connection, which may
   * lead to another server if a name stands for several, or was switched over while the engine
   * started. The server is confirmed when it sends events with its own server id; an idle server
   * does, with its heartbeats. A replica of it sends such events too, but then the address leads to
   * the replica when it is checked again. Two checks are needed, because the first answer may be as
   * old as the connection. A busy replica sends no events of its own; it is confirmed when the
   * address has led to no other server for a long time.
   */
  public boolean isConfirmed() {
    boolean isSteady = System.nanoTime() - begin > STEADY.toNanos() && seenEnd.isPresent();
    return !isElsewhere && (isSteady || (hasSentItsOwn && looks.get() >= 2));
  }

  /** Records the last offset that the engine's connection has delivered. */
  void hears(Map<String, ?> offset) {
    isConnected = true;
    if (offset.get(SERVER_ID) instanceof Number sender && sender.longValue() == server.id()) {
      hasSentItsOwn = true;
    }
  }

  /** Records the failure of the batch that is being handled, which ends the run. */
  void fails(RelayException cause) {
    failure = cause;
  }

  /** The failure of a batch, if one has failed. */
  public Optional<RelayException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Adds the time up to which the server was read when a position is reached.
   *
   * @param isIdle whether the server has sent a heartbeat
   */
  Position timed(Position reached, boolean isIdle) {
    Optional<Instant> time =
        isAtEnd(reached, isIdle) ? Optional.of(Instant.now()) : readTime.at(reached, isConfirmed());
    return time.map(reached::withReadUpTo).orElse(reached);
  }

  /** Records a position up to which everything is in Kafka. */
  void readUpTo(Position reached, boolean isIdle) {
    if (isAtEnd(reached, isIdle)) {
      readTime.reachedEnd(Instant.now());
    } else {
      readTime.reached(reached, isConfirmed());
    }
    position = reached;
    readTime.report(statistics);
  }

  /** A heartbeat at a new place may only say that the server has skipped transactions. */
  private boolean isAtEnd(Position reached, boolean isIdle) {
    return isIdle && reached.isAt(position);
  }

  /** Counts a batch that is handled. */
  void count(Batch batch) {
    batch.counts().forEach(statistics::add);
  }

  /** Records that a position was stored. */
  void stored(Duration took) {
    hasStored = true;
    statistics.stored(Instant.now());
    statistics.add(Counter.BATCHES, 1);
    statistics.add(Counter.BATCH_NANOS, took.toNanos());
  }
}
