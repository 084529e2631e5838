package io.sluice.handlers.internal.flow;

/** How much was taken on and is not finished. Owned by the domain's thread. */
final class Buffer {

  private final int mostEvents;
  private final long mostBytes;
  private int events;
  private long bytes;

  Buffer(int mostEvents, long mostBytes) {
    this.mostEvents = mostEvents;
    this.mostBytes = mostBytes;
  }

  void add(Task task) {
    events++;
    bytes += task.event().payloadLength();
  }

  void remove(Task task) {
    events--;
    bytes -= task.event().payloadLength();
  }

  boolean isFull() {
    return events >= mostEvents || bytes >= mostBytes;
  }

  int events() {
    return events;
  }

  long bytes() {
    return bytes;
  }
}
