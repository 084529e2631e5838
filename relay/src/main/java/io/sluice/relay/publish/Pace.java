package io.sluice.relay.publish;

import java.time.Duration;

/**
 * How much Kafka takes of a shard in one transaction, and how long that may last. Survives the runs
 * of the shard. Thread-safe.
 *
 * <p>The size follows the time that Kafka needs, so that consumers do not wait for long
 * transactions. A publication that timed out gets more time at the next attempt, as much as its
 * size needs at {@link #MIN_BYTES_PER_SECOND}.
 */
public final class Pace {

  /** A broker or network that is slower makes no progress with large events. */
  private static final long MIN_BYTES_PER_SECOND = 64 << 10;

  private static final long MAX_BYTES = 4 << 20;
  private static final long MIN_BYTES = 64 << 10;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration FAST = Duration.ofSeconds(2);
  private static final Duration SLOW = Duration.ofSeconds(5);

  /** Brokers refuse transactions of more than 15 minutes by default. */
  private static final Duration LONGEST = Duration.ofMinutes(14);

  private volatile long bytes = MAX_BYTES;
  private volatile Duration patience = PATIENCE;

  /** The size at which a publication should be ended. Its last record may exceed it. */
  public long bytes() {
    return bytes;
  }

  /** The time limit of the next publisher. */
  Duration patience() {
    return patience;
  }

  /** Records that a publication of this size took this time. */
  public synchronized void succeeded(long size, Duration time) {
    patience = PATIENCE;
    if (time.compareTo(SLOW) > 0) {
      shrink(size);
    } else if (time.compareTo(FAST) < 0) {
      bytes = Math.min(MAX_BYTES, bytes * 2);
    }
  }

  /** Records that a publication of this size timed out. */
  public synchronized void timedOut(long size) {
    shrink(size);
    Duration needed = PATIENCE.plusSeconds(size / MIN_BYTES_PER_SECOND);
    // A publication that only waited for this one may have timed out with it.
    if (needed.compareTo(patience) > 0) {
      patience = needed.compareTo(LONGEST) < 0 ? needed : LONGEST;
    }
  }

  /** A publication below the minimum was not slow because of its size. */
  private void shrink(long size) {
    if (size >= MIN_BYTES) {
      bytes = Math.max(MIN_BYTES, Math.min(bytes, size) / 2);
    }
  }
}
