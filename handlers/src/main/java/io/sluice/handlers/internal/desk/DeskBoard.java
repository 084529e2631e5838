package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.row.RowRequest;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What a desk has taken on and not answered yet: open, or put off because somebody holds its row.
 * Owned by the desk's thread.
 */
final class DeskBoard {

  private record Later(Instant due, RowRequest request) {}

  private final Set<RowRequest.Read> reads = new LinkedHashSet<>();
  private final Set<RowRequest.Write> writes = new LinkedHashSet<>();
  private final Set<RowRequest> others = new LinkedHashSet<>();
  private final PriorityQueue<Later> later = new PriorityQueue<>(Comparator.comparing(Later::due));
  private final Map<RowRequest, Integer> refusals = new HashMap<>();
  private final Backoff lockedRow;
  private Instant firstWrite = Instant.MAX;

  /**
   * @param lockedRow short at first: mostly the transaction that wrote the event is about to be
   *     visible
   */
  DeskBoard(Backoff lockedRow) {
    this.lockedRow = lockedRow;
  }

  void add(Collection<RowRequest> requests, Instant now) {
    requests.forEach(request -> open(request, now));
  }

  private void open(RowRequest request, Instant now) {
    if (request instanceof RowRequest.Read read) {
      reads.add(read);
    } else if (request instanceof RowRequest.Write write) {
      if (writes.isEmpty()) {
        firstWrite = now;
      }
      writes.add(write);
    } else {
      others.add(request);
    }
  }

  /** Opens what was put off long enough. */
  void reopen(Instant now) {
    while (!later.isEmpty() && !later.peek().due().isAfter(now)) {
      open(later.remove().request(), now);
    }
  }

  /** Up to so many reads whose answers are still wanted; the others are dropped. */
  List<RowRequest.Read> reads(int most) {
    reads.removeIf(
        read -> {
          boolean unwanted = !read.wanted().getAsBoolean();
          if (unwanted) {
            refusals.remove(read);
          }
          return unwanted;
        });
    return reads.stream().limit(most).toList();
  }

  /** Up to so many writes that were never refused, or of those that were. */
  List<RowRequest.Write> writes(int most, boolean refused) {
    return writes.stream()
        .filter(write -> refusals.containsKey(write) == refused)
        .limit(most)
        .toList();
  }

  List<RowRequest> others(int most) {
    return others.stream().limit(most).toList();
  }

  int writeCount() {
    return writes.size();
  }

  boolean hasReadsOrOthers() {
    return !reads.isEmpty() || !others.isEmpty();
  }

  boolean isEmpty() {
    return reads.isEmpty() && writes.isEmpty() && others.isEmpty() && later.isEmpty();
  }

  /** Since when the oldest open write waits. */
  Instant firstWrite() {
    return writes.isEmpty() ? Instant.MAX : firstWrite;
  }

  Optional<Instant> nextLater() {
    return Optional.ofNullable(later.peek()).map(Later::due);
  }

  /** Whether it is neither answered nor put off. */
  boolean isOpen(RowRequest request) {
    return reads.contains(request) || writes.contains(request) || others.contains(request);
  }

  /** It is about to be answered. */
  void close(RowRequest request) {
    remove(request);
    refusals.remove(request);
  }

  /** Puts it off; returns how often that was done. */
  int putOff(RowRequest request, Instant now) {
    remove(request);
    int times = refusals.merge(request, 1, Integer::sum);
    later.add(new Later(now.plus(lockedRow.delay(times)), request));
    return times;
  }

  private void remove(RowRequest request) {
    if (request instanceof RowRequest.Read read) {
      reads.remove(read);
    } else if (request instanceof RowRequest.Write write) {
      writes.remove(write);
    } else {
      others.remove(request);
    }
  }
}
