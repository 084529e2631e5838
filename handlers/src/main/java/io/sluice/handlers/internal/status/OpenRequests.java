package io.sluice.handlers.internal.status;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The open requests of one type in order. Those that were refused before are kept apart, so that a
 * row that fails its statement does not affect the others again and again. Every step costs the
 * same, however many requests are open. Owned by the store's thread.
 */
final class OpenRequests<R extends RowRequest> {

  private final Set<R> first = new LinkedHashSet<>();
  private final Set<R> refused = new LinkedHashSet<>();

  void add(R request, boolean wasRefused) {
    of(wasRefused).add(request);
  }

  private Set<R> of(boolean wasRefused) {
    return wasRefused ? refused : first;
  }

  /** The oldest requests that were refused before, or that were not, up to {@code most}. */
  List<R> oldest(int most, boolean wasRefused) {
    return of(wasRefused).stream().limit(most).toList();
  }

  boolean contains(RowRequest request) {
    return first.contains(request) || refused.contains(request);
  }

  /** Returns whether the request was open. */
  boolean remove(RowRequest request) {
    return first.remove(request) || refused.remove(request);
  }

  int size() {
    return first.size() + refused.size();
  }

  boolean isEmpty() {
    return first.isEmpty() && refused.isEmpty();
  }
}
