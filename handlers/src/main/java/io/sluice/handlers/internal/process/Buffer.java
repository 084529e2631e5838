package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Limits the events in flight: events in memory by count and bytes, deferred ones by count. Owned
 * by the domain's thread.
 */
final class Buffer {

  /** The limit of deferred events as a multiple of the limit of buffered events. */
  private static final int DEFERRED_FACTOR = 5;

  /** The smallest limit of deferred events. */
  private static final int MIN_DEFERRED = 1_000;

  private static final Duration LONG_STALL = Duration.ofSeconds(30);

  /**
   * How an event counts towards the limits. This is about memory, and {@link Stage} about progress:
   * an event that returns counts as RETURNED from the moment its payload is requested, while its
   * stage is still DEFERRED or READING. Deferred events of observers keep their payloads and stay
   * FETCHED.
   */
  enum Share {
    /** The event is not in the buffer. */
    NONE,
    /** The event was polled with its payload. */
    FETCHED,
    /** The event was deferred, and its payload is in memory again or about to be. */
    RETURNED,
    /** The event is deferred, without its payload. */
    DEFERRED
  }

  private final int maxEvents;
  private final long maxBytes;
  private final boolean unloads;
  private final Map<String, Integer> ids = new HashMap<>();
  private final TreeMap<Instant, Integer> created = new TreeMap<>();
  private int events;
  private long bytes;
  private int returnedEvents;
  private long returnedBytes;
  private int deferred;
  // The time since which the buffer is full and no event has left.
  private Instant stalledSince = Instant.MAX;
  private boolean hasLeft;
  private boolean isStallReported;

  /**
   * @param unloads whether deferred events drop their payloads, because rows contain them
   */
  Buffer(int maxEvents, long maxBytes, boolean unloads) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.unloads = unloads;
  }

  /**
   * Adds an event with its payload.
   *
   * @return whether the event is a duplicate of one in flight
   */
  boolean add(InFlightEvent event) {
    count(event, Share.FETCHED);
    created.merge(event.event().createdAt(), 1, Integer::sum);
    return ids.merge(event.id(), 1, Integer::sum) > 1;
  }

  void remove(InFlightEvent event) {
    count(event, Share.NONE);
    hasLeft = true;
    removeOne(created, event.event().createdAt());
    removeOne(ids, event.id());
  }

  private static <K> void removeOne(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (any, count) -> count == 1 ? null : count - 1);
  }

  /** Drops the payload of a deferred event. */
  void unload(InFlightEvent event) {
    if (unloads) {
      event.dropPayload();
      count(event, Share.DEFERRED);
    }
  }

  /**
   * Whether deferred events may return. They share half of the buffer; the other half is kept for
   * newly polled events.
   */
  boolean hasRoomToReturn() {
    return returnedEvents * 2L < maxEvents && returnedBytes * 2 < maxBytes;
  }

  /** Reserves room for the payload of a deferred event. */
  void reserve(InFlightEvent event) {
    if (unloads) {
      count(event, Share.RETURNED);
    }
  }

  private void count(InFlightEvent event, Share share) {
    count(event, event.share(), -1);
    event.share(share);
    count(event, share, 1);
  }

  private void count(InFlightEvent event, Share share, int sign) {
    if (share == Share.DEFERRED) {
      deferred += sign;
    } else if (share != Share.NONE) {
      events += sign;
      bytes += (long) sign * event.payloadLength();
    }
    if (share == Share.RETURNED) {
      returnedEvents += sign;
      returnedBytes += (long) sign * event.payloadLength();
    }
  }

  /** Whether fetching must pause. */
  boolean isFull() {
    return events >= maxEvents || bytes >= maxBytes || isDeferralFull();
  }

  /** Whether the limit of deferred events is reached. */
  boolean isDeferralFull() {
    return deferred >= Math.max(MIN_DEFERRED, (long) DEFERRED_FACTOR * maxEvents);
  }

  /**
   * Detects that the buffer stays full without an event leaving it, which stops the whole domain.
   * Called at every turn.
   *
   * @return the duration of a long stall, once per stall
   */
  Optional<Duration> stall(Instant now) {
    if (!isFull() || hasLeft || stalledSince.equals(Instant.MAX)) {
      stalledSince = now;
      hasLeft = false;
      isStallReported = false;
    }
    Duration duration = Duration.between(stalledSince, now);
    if (isStallReported || duration.compareTo(LONG_STALL) < 0) {
      return Optional.empty();
    }
    isStallReported = true;
    return Optional.of(duration);
  }

  int deferred() {
    return deferred;
  }

  /** The number of all events, deferred ones included. */
  int events() {
    return events + deferred;
  }

  /** The size of the payloads in memory. */
  long bytes() {
    return bytes;
  }

  /** The creation time of the oldest event. */
  Optional<Instant> oldest() {
    return created.isEmpty() ? Optional.empty() : Optional.of(created.firstKey());
  }
}
