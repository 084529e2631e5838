package io.sluice.relay.maintenance;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.shard.DurationText;
import io.sluice.relay.shard.PeriodicTask;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.ShardServer.Endpoint;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.StoredPosition;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns before a server purges unread binlog, which concerns mainly shards that are not running.
 * Runs in a separate thread from {@link #start} to {@link #close}.
 */
public final class HeadroomWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HeadroomWatch.class);
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  /** Retention changes rarely, and reading it opens three connections. */
  private static final Duration REREAD = Duration.ofMinutes(5);

  private final ShardDirectory shards;
  private final Supplier<Map<ShardId, ShardState>> owned;
  private final RelayStatistics statistics;
  private final Function<@Nullable RegisteredShard, Optional<StoredPosition>> positions;
  private final Duration warning;
  private final PeriodicTask loop = new PeriodicTask("sluice-headroom", this::runOnce);
  private final Set<ShardId> warned = new HashSet<>();

  /** By server, which several shards share. */
  private final Map<Endpoint, BinlogRetention> retentions = new HashMap<>();

  /**
   * A watch over the shards that this relay owns.
   *
   * @param positions reads the stored position of a shard
   * @param warning headroom below which a warning is logged
   */
  public HeadroomWatch(
      ShardDirectory shards,
      Supplier<Map<ShardId, ShardState>> owned,
      RelayStatistics statistics,
      Function<@Nullable RegisteredShard, Optional<StoredPosition>> positions,
      Duration warning) {
    this.shards = shards;
    this.owned = owned;
    this.statistics = statistics;
    this.positions = positions;
    this.warning = warning;
  }

  public void start() {
    loop.start();
  }

  private Duration runOnce() {
    owned.get().keySet().forEach(this::measure);
    return INTERVAL;
  }

  private void measure(ShardId id) {
    if (loop.isStopping()) {
      return;
    }
    ShardStatistics measured = statistics.of(id);
    try {
      BinlogRetention retention = retention(shards.get(id).source());
      Duration lag = measured.lag(Instant.now()).orElseGet(() -> storedLag(id, measured));
      Optional<Duration> kept = retention.kept();
      if (kept.isPresent()) {
        update(id, measured, lag, kept.get());
      } else {
        measured.unlimitedHeadroom();
        warned.remove(id);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.debug("shard '{}': headroom could not be measured", id, e);
    }
  }

  /** Uses the last known retention of an unreachable server, which may continue to purge. */
  private BinlogRetention retention(ShardSource source) throws SQLException {
    Endpoint endpoint = source.server().endpoint();
    @Nullable BinlogRetention known = retentions.get(endpoint);
    if (known != null && known.read().isAfter(Instant.now().minus(REREAD))) {
      return known;
    }
    try {
      BinlogRetention read = BinlogRetention.of(source);
      retentions.put(endpoint, read);
      return read;
    } catch (SQLException | RelayException e) {
      if (known == null) {
        throw e;
      }
      return known;
    }
  }

  /** The lag of a shard that has not run in this process, by its stored position. */
  private Duration storedLag(ShardId id, ShardStatistics measured) {
    positions
        .apply(shards.registered().get(id))
        .ifPresent(stored -> measured.readUpTo(stored.readUpTo()));
    return measured.lag(Instant.now()).orElse(Duration.ZERO);
  }

  private void update(ShardId id, ShardStatistics measured, Duration lag, Duration kept) {
    Duration left = lag.compareTo(kept) > 0 ? Duration.ZERO : kept.minus(lag);
    measured.headroom(left);
    // At most half of the retention, which may be shorter than the limit.
    Duration half = kept.dividedBy(2);
    boolean isLittle = left.compareTo(half.compareTo(warning) < 0 ? half : warning) < 0;
    if (isLittle && warned.add(id)) {
      LOG.warn(
          "shard '{}': unread binlog will be purged in {} (lag {}): find out why the shard lags,"
              + " and raise binlog_expire_logs_seconds, or the retention that the cloud provider has"
              + " instead, until it has caught up",
          id,
          DurationText.of(left),
          DurationText.of(lag));
    }
    if (!isLittle && warned.remove(id)) {
      LOG.info("shard '{}': unread binlog is kept for {} again", id, DurationText.of(left));
    }
  }

  /** Stops the thread without waiting for it. */
  public void stop() {
    loop.stop();
  }

  @Override
  public void close() {
    loop.close();
  }
}
