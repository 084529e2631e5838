package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.Backoff;
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
import java.util.function.Consumer;

/**
 * The requests that are not answered yet. A request is open, or waits for a retry because its row
 * was locked or refused the change. Owned by the store's thread.
 */
final class PendingRequests {

  private record Retry(Instant due, RowRequest request) {}

  private final Set<RowRequest> reads = new LinkedHashSet<>();
  private final Set<RowRequest> writes = new LinkedHashSet<>();
  private final Set<RowRequest> others = new LinkedHashSet<>();
  private final PriorityQueue<Retry> retries =
      new PriorityQueue<>(Comparator.comparing(Retry::due));
  private final Map<RowRequest, Integer> refusals = new HashMap<>();
  private final Backoff backoff;
  private Instant firstWrite = Instant.MAX;

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
    if (request instanceof RowRequest.Write && writes.isEmpty()) {
      firstWrite = now;
    }
    open(request).add(request);
  }

  /** The open requests of the same type, which are executed together. */
  private Set<RowRequest> open(RowRequest request) {
    if (request instanceof RowRequest.Read) {
      return reads;
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
   * Drops reads whose answers are no longer needed.
   *
   * @return up to {@code most} of the remaining reads
   */
  List<RowRequest.Read> reads(int most) {
    reads.stream()
        .map(RowRequest.Read.class::cast)
        .filter(read -> !read.wanted().getAsBoolean())
        .toList()
        .forEach(this::close);
    return reads.stream().limit(most).map(RowRequest.Read.class::cast).toList();
  }

  /** The open writes that were refused before, or those that were not, up to {@code most}. */
  List<RowRequest.Write> writes(int most, boolean refused) {
    return writes.stream()
        .filter(write -> refusals.containsKey(write) == refused)
        .limit(most)
        .map(RowRequest.Write.class::cast)
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
    return reads.isEmpty() && writes.isEmpty() && others.isEmpty() && retries.isEmpty();
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
    open(request).remove(request);
    refusals.remove(request);
  }

  /**
   * Schedules the retry of a refused request.
   *
   * @return the number of refusals so far
   */
  int retryLater(RowRequest request, Instant now) {
    open(request).remove(request);
    int times = refusals.merge(request, 1, Integer::sum);
    retries.add(new Retry(now.plus(backoff.delay(times)), request));
    return times;
  }
}
