package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How much is in flight: events with their payloads, and deferred ones without. Owned by the
 * domain's thread.
 */
final class Buffer {

  /** As many deferred events may be kept as this many full buffers hold. */
  private static final int DEFERRED_FACTOR = 5;

  /** As many may be kept in any case. */
  private static final int MIN_DEFERRED = 1_000;

  private static final Duration LONG_STALL = Duration.ofSeconds(30);

  /** How an event counts. */
  enum Share {
    /** It is not in the buffer. */
    NONE,
    /** It has come from Kafka with its payload. */
    FETCHED,
    /** It was deferred, and its payload is, or is about to be, in memory again. */
    RETURNED,
    /** It is deferred, without its payload. */
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
  // Since when it is full and no event has left.
  private Instant stalledSince = Instant.MAX;
  private boolean hasLeft;
  private boolean isStallReported;

  /**
   * @param unloads whether deferred events leave their payloads, which their rows have too
   */
  Buffer(int maxEvents, long maxBytes, boolean unloads) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
    this.unloads = unloads;
  }

  /**
   * Adds an event with its payload.
   *
   * @return whether the same event is in flight already: it was delivered twice
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

  /** Takes the payload from a deferred event. */
  void unload(InFlightEvent event) {
    if (unloads) {
      event.dropPayload();
      count(event, Share.DEFERRED);
    }
  }

  /** Whether deferred events may return: they share half of the room, the other half is for new. */
  boolean hasRoomToReturn() {
    return returnedEvents * 2L < maxEvents && returnedBytes * 2 < maxBytes;
  }

  /** Keeps room for the payload of an event that was deferred. */
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

  /** Whether no more is to be fetched. */
  boolean isFull() {
    return events >= maxEvents || bytes >= maxBytes || isDeferralFull();
  }

  /** Whether as many events are deferred as may be. */
  boolean isDeferralFull() {
    return deferred >= Math.max(MIN_DEFERRED, (long) DEFERRED_FACTOR * maxEvents);
  }

  /**
   * Notices that the buffer, because of which no more is fetched, stays full: then the whole domain
   * waits for what it holds. To be called at every turn.
   *
   * @return how long it has been so, once, when it is long
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

  /** All events, deferred or not. */
  int events() {
    return events + deferred;
  }

  /** Of the payloads that are in memory. */
  long bytes() {
    return bytes;
  }

  /** When the event was created that was created first. */
  Optional<Instant> oldest() {
    return created.isEmpty() ? Optional.empty() : Optional.of(created.firstKey());
  }
}
