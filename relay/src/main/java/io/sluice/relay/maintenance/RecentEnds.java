package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.shard.ShardServer.Endpoint;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The ends of binlogs that were read last. The shards of a server share them, so that a server with
 * many shards is not asked for each of them. Thread-safe.
 */
final class RecentEnds {

  private final Duration maxAge;
  private final Map<Endpoint, Reading> readings = new ConcurrentHashMap<>();

  /**
   * An end that was read.
   *
   * @param began when the reading began, in {@link System#nanoTime}
   */
  private record Reading(BinlogEnd end, long began) {}

  /**
   * @param maxAge the age at which an end is read again
   */
  RecentEnds(Duration maxAge) {
    this.maxAge = maxAge;
  }

  /** The end of a source's binlog, as some shard of the server has read it a short time ago. */
  BinlogEnd recent(ShardSource source) {
    @Nullable Reading last = readings.get(source.server().endpoint());
    return last != null && System.nanoTime() - last.began() < maxAge.toNanos()
        ? last.end()
        : now(source);
  }

  /** The end of a source's binlog, by a new connection. */
  BinlogEnd now(ShardSource source) {
    long began = System.nanoTime();
    BinlogEnd end = BinlogEnd.of(source);
    // A slow answer must not replace that of a later question.
    readings.merge(
        source.server().endpoint(),
        new Reading(end, began),
        (known, fresh) -> fresh.began() - known.began() > 0 ? fresh : known);
    return end;
  }
}
