package io.sluice.handlers.internal.process;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Events whose row is missing although it cannot have been cleaned up yet. Such an event waits: the
 * shard's data source may lead to another database, or its table may have been replaced. When rows
 * of later events show that the data source is right, the event is given up after a while. Until
 * then, no event of the shard counts as cleaned up. Owned by the domain's thread.
 */
final class MissingRows {

  /** What happens to an event without a row. */
  enum Verdict {
    /** The event is old enough to have been handled and cleaned up, and nothing is wrong. */
    CLEANED_UP,
    /** The event waits for its row. */
    WAITS,
    /** The event goes to the dead-letter topic. */
    GIVEN_UP
  }

  private final Duration retention;
  private final Duration patience;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;
  private final Map<ShardId, Incident> incidents = new HashMap<>();

  /** Missing rows of one shard, from the first one until none was missing for a while. */
  private static final class Incident {

    private final Instant since;

    /**
     * The verdict about each waiting event for the case that the data source is right. An event
     * that became old while it waited was not cleaned up.
     */
    private final Map<InFlightEvent, Verdict> waiting = new LinkedHashMap<>();

    private Instant last;
    private Instant latestFound = Instant.MIN;

    private Incident(Instant since) {
      this.since = since;
      this.last = since;
    }

    /** Whether the row of a later event was found. */
    private boolean isSourceRight(InFlightEvent event) {
      return latestFound.isAfter(written(event));
    }

    private boolean isOver(Instant now, Duration patience) {
      return waiting.isEmpty() && last.plus(patience).isBefore(now);
    }
  }

  MissingRows(ProcessingSettings settings, EventLoop loop, ProcessingMonitor monitor) {
    this.retention = settings.rowRetention();
    this.patience = settings.timings().missingRow();
    this.loop = loop;
    this.monitor = monitor;
  }

  /** Decides about an event of which a server that is up to date has no row. */
  Verdict judge(InFlightEvent event) {
    Instant now = loop.now();
    incidents.computeIfPresent(
        event.shard(), (any, former) -> former.isOver(now, patience) ? null : former);
    boolean isOld = !written(event).plus(retention).isAfter(now);
    if (isOld && !incidents.containsKey(event.shard())) {
      return Verdict.CLEANED_UP;
    }
    Incident incident = incidents.computeIfAbsent(event.shard(), any -> new Incident(now));
    Verdict verdict =
        incident.waiting.computeIfAbsent(
            event, any -> isOld ? Verdict.CLEANED_UP : Verdict.GIVEN_UP);
    boolean isSourceRight = incident.isSourceRight(event);
    if (isSourceRight && verdict == Verdict.CLEANED_UP) {
      return verdict;
    }
    incident.last = now;
    return isSourceRight && !incident.since.plus(patience).isAfter(now) ? verdict : Verdict.WAITS;
  }

  /** A row is finished after its record was written, so it is kept at least as long from then. */
  private static Instant written(InFlightEvent event) {
    return Instant.ofEpochMilli(event.record().origin().timestamp());
  }

  /** Notes that an event has a row. */
  void found(InFlightEvent event) {
    Incident incident = incidents.get(event.shard());
    if (incident == null) {
      return;
    }
    incident.waiting.remove(event);
    Instant written = written(event);
    if (written.isAfter(incident.latestFound)) {
      incident.latestFound = written;
    }
  }

  /** Removes an event that is finished or lost. */
  void left(InFlightEvent event) {
    Incident incident = incidents.get(event.shard());
    if (incident != null) {
      incident.waiting.remove(event);
    }
  }

  /** The number of waiting events. */
  int count() {
    return incidents.values().stream().mapToInt(incident -> incident.waiting.size()).sum();
  }

  /** Logs the waiting events of each shard. Called periodically. */
  void report() {
    incidents.forEach(
        (shard, incident) -> {
          if (!incident.waiting.isEmpty()) {
            InFlightEvent first = incident.waiting.keySet().iterator().next();
            monitor.rowsMissing(
                shard, incident.waiting.size(), first.event(), incident.isSourceRight(first));
          }
        });
  }
}
