package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.Backoff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * The requests that are not answered yet. A request is open, or waits for a retry because its row
 * was locked or refused the change. Owned by the store's thread.
 */
final class PendingRequests {

  private record Retry(Instant due, RowRequest request) {}

  private final OpenRequests<RowRequest.Read> reads = new OpenRequests<>();
  private final OpenRequests<RowRequest.Write> writes = new OpenRequests<>();
  private final OpenRequests<RowRequest.Confirm> confirms = new OpenRequests<>();
  private final OpenRequests<RowRequest> others = new OpenRequests<>();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private final Map<RowRequest, Integer> refusals = new HashMap<>();
  private final Backoff backoff;
  private Instant firstWrite = Instant.MAX;
  private int awaited;

  /**
   * @param backoff the backoff between retries; short at first, because the transaction that wrote
   *     the event usually becomes visible within milliseconds
   */
  PendingRequests(Backoff backoff) {
    this.backoff = backoff;
  }

  void add(Collection<RowRequest> requests, Instant now) {
    requests.forEach(request -> open(request, now));
  }

  private void open(RowRequest request, Instant now) {
    boolean wasRefused = refusals.containsKey(request);
    if (request instanceof RowRequest.Read read) {
      reads.add(read, wasRefused);
    } else if (request instanceof RowRequest.Write write) {
      firstWrite = writes.isEmpty() ? now : firstWrite;
      awaited += write.isAwaited() ? 1 : 0;
      writes.add(write, wasRefused);
    } else if (request instanceof RowRequest.Confirm confirm) {
      confirms.add(confirm, wasRefused);
    } else {
      others.add(request, wasRefused);
    }
  }

  /** The open requests of the same type, which are executed together. */
  private OpenRequests<?> open(RowRequest request) {
    if (request instanceof RowRequest.Read) {
      return reads;
    }
    if (request instanceof RowRequest.Confirm) {
      return confirms;
    }
    return request instanceof RowRequest.Write ? writes : others;
  }

  /** Opens requests whose retry is due. */
  void reopen(Instant now) {
    while (!retries.isEmpty() && !retries.peek().due().isAfter(now)) {
      open(retries.remove().request(), now);
    }
  }

  /**
   * The oldest open reads that were refused before, or that were not, up to {@code most}. Those
   * whose answers are no longer needed are dropped.
   */
  List<RowRequest.Read> reads(int most, boolean refused) {
    List<RowRequest.Read> wanted = new ArrayList<>();
    for (RowRequest.Read read : reads.oldest(most, refused)) {
      if (read.wanted().getAsBoolean()) {
        wanted.add(read);
      } else {
        close(read);
      }
    }
    return wanted;
  }

  /** The oldest open writes, likewise. */
  List<RowRequest.Write> writes(int most, boolean refused) {
    return writes.oldest(most, refused);
  }

  /** The oldest open confirmations, likewise. */
  List<RowRequest.Confirm> confirms(int most, boolean refused) {
    return confirms.oldest(most, refused);
  }

  /** The oldest open requests of other types. */
  List<RowRequest> others(int most) {
    List<RowRequest> oldest = new ArrayList<>(others.oldest(most, false));
    oldest.addAll(others.oldest(most, true));
    return oldest;
  }

  /** Whether the next event of an aggregate waits for one of the open writes. */
  boolean isWriteAwaited() {
    return awaited > 0;
  }

  int writeCount() {
    return writes.size();
  }

  boolean hasReadsOrOthers() {
    return !reads.isEmpty() || !confirms.isEmpty() || !others.isEmpty();
  }

  boolean isEmpty() {
    return !hasReadsOrOthers() && writes.isEmpty() && retries.isEmpty();
  }

  /** The time at which the oldest open write was added. */
  Instant firstWrite() {
    return writes.isEmpty() ? Instant.MAX : firstWrite;
  }

  Optional<Instant> nextRetry() {
    return Optional.ofNullable(retries.peek()).map(Retry::due);
  }

  /** Whether a request is neither answered nor waiting for a retry. */
  boolean isOpen(RowRequest request) {
    return open(request).contains(request);
  }

  <T> void answer(RowRequest request, Consumer<T> answer, T value) {
    close(request);
    answer.accept(value);
  }

  void close(RowRequest request) {
    remove(request);
    refusals.remove(request);
  }

  private void remove(RowRequest request) {
    if (open(request).remove(request) && request instanceof RowRequest.Write write) {
      awaited -= write.isAwaited() ? 1 : 0;
    }
  }

  /**
   * Schedules the retry of a refused request.
   *
   * @return the number of refusals so far
   */
  int retryLater(RowRequest request, Instant now) {
    remove(request);
    int times = refusals.merge(request, 1, Integer::sum);
    retries.add(new Retry(now.plus(backoff.delay(times)), request));
    return times;
  }
}
