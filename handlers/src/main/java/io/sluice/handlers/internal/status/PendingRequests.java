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
  private final Set<RowRequest> confirms = new LinkedHashSet<>();
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

  /** Drops reads whose answers are no longer needed. */
  void dropUnwantedReads() {
    reads.stream()
        .map(RowRequest.Read.class::cast)
        .filter(read -> !read.wanted().getAsBoolean())
        .toList()
        .forEach(this::close);
  }

  /**
   * The open reads that were refused before, or those that were not, up to {@code most}. Kept
   * apart, so that a row that fails its statement does not affect the others again and again.
   */
  List<RowRequest.Read> reads(int most, boolean refused) {
    return requests(reads, RowRequest.Read.class, most, refused);
  }

  /** The open writes, likewise. */
  List<RowRequest.Write> writes(int most, boolean refused) {
    return requests(writes, RowRequest.Write.class, most, refused);
  }

  /** The open confirmations, likewise. */
  List<RowRequest.Confirm> confirms(int most, boolean refused) {
    return requests(confirms, RowRequest.Confirm.class, most, refused);
  }

  private <R extends RowRequest> List<R> requests(
      Set<RowRequest> from, Class<R> type, int most, boolean refused) {
    return from.stream()
        .filter(request -> refusals.containsKey(request) == refused)
        .limit(most)
        .map(type::cast)
        .toList();
  }

  List<RowRequest> others(int most) {
    return others.stream().limit(most).toList();
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
