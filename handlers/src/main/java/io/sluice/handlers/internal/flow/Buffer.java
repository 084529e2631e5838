package io.sluice.handlers.internal.flow;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** How much was taken on and is not finished. Owned by the domain's thread. */
final class Buffer {

  private final int mostEvents;
  private final long mostBytes;
  private final Map<String, Integer> ids = new HashMap<>();
  private int events;
  private long bytes;
  private long removals;

  Buffer(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  /** Whether the same event is on its way already: it was delivered twice. */
  boolean add(Task task) {
    events++;
    bytes += task.event().payloadLength();
    return ids.merge(task.event().id(), 1, Integer::sum) > 1;
  }

  void remove(Task task) {
    events--;
    removals++;
    bytes -= task.event().payloadLength();
    ids.computeIfPresent(task.event().id(), (id, count) -> count == 1 ? null : count - 1);
  }

  boolean isFull() {
    return events >= mostEvents || bytes >= mostBytes;
  }

  /** Whether half of what it can hold is these. */
  boolean isHalf(Collection<Task> tasks) {
    long theirs = tasks.stream().mapToLong(task -> task.event().payloadLength()).sum();
    return tasks.size() * 2L >= mostEvents || theirs * 2 >= mostBytes;
  }

  /** How many have left since the beginning. */
  long removals() {
    return removals;
  }

  int events() {
    return events;
  }

  long bytes() {
    return bytes;
  }
}
