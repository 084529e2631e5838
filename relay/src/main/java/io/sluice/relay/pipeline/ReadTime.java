package io.sluice.relay.pipeline;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.state.Position;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time up to which a run has read its server's binlog. The times of events are no measure: the
 * engine reports only those of captured rows, and a server with other traffic may have none for
 * hours. So the ends of the binlog are used that maintenance sees every few seconds: a run that has
 * passed an end has read everything that was committed before the end was seen. Thread-safe.
 */
final class ReadTime {

  /** Beyond it, every second end is dropped: a backlog of hours needs no measure to the second. */
  private static final int MAX_ENDS = 256;

  /** The ends that are not passed yet, oldest first. */
  private final List<BinlogEnd> ahead = new ArrayList<>();

  private @Nullable Instant upTo;

  /** Whether the run has passed an end. Until then it may be behind since the start. */
  private boolean hasCaughtUp;

  ReadTime(Optional<Instant> start) {
    upTo = start.orElse(null);
  }

  synchronized void see(BinlogEnd end) {
    ahead.add(end);
    if (ahead.size() > MAX_ENDS) {
      for (int i = ahead.size() - 2; i > 0; i -= 2) {
        ahead.remove(i);
      }
    }
  }

  /** The time up to which everything was read when a position is reached; empty if unknown. */
  synchronized Optional<Instant> at(Position reached, boolean isConfirmed) {
    Instant time = later(upTo, reached.readUpTo().orElse(null));
    for (BinlogEnd end : ahead) {
      if (isConfirmed && end.isPassedBy(reached)) {
        time = later(time, end.seenAt());
      }
    }
    return Optional.ofNullable(time);
  }

  /** Records a position that was reached. */
  synchronized void reached(Position position, boolean isConfirmed) {
    upTo = later(upTo, position.readUpTo().orElse(null));
    if (isConfirmed) {
      hasCaughtUp |= ahead.removeIf(end -> end.isPassedBy(position));
    }
  }

  /** Records that the server has nothing more to send. */
  synchronized void reachedEnd(Instant now) {
    upTo = later(upTo, now);
    hasCaughtUp = true;
    ahead.clear();
  }

  synchronized boolean hasCaughtUp() {
    return hasCaughtUp;
  }

  /** Shows the times to operators. */
  synchronized void report(ShardStatistics statistics) {
    Instant known = upTo;
    if (known == null) {
      return;
    }
    if (!hasCaughtUp) {
      statistics.readUpTo(known);
    } else {
      statistics.reached(known, ahead.stream().findFirst().map(BinlogEnd::seenAt));
    }
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return other.isAfter(one) ? other : one;
  }
}
