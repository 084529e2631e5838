package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.LastError;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts and logs the outcomes of a domain's events. Successful events are counted but not logged.
 */
final class ProcessingMonitor {

  private static final Logger LOG = LoggerFactory.getLogger(EventProcessor.class);

  private final EventDomain domain;
  private final InstantSource clock;
  private final OutcomeCounters counters = new OutcomeCounters();
  private final Set<ShardId> unreachable = new HashSet<>();
  private final RateLimitedLog rowsGone = new RateLimitedLog();
  private final RateLimitedLog rowsMissing = new RateLimitedLog();
  private final RateLimitedLog inconclusive = new RateLimitedLog();
  private final RateLimitedLog deferralFull = new RateLimitedLog();
  private boolean lettersFail;

  /** Logs the first event of a kind immediately, and after that only the count once a minute. */
  private final class RateLimitedLog {

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private Instant logged = Instant.MIN;
    private long count;

    /**
     * Counts an event.
     *
     * @return the count since the last log line if another line is due, otherwise 0
     */
    long count() {
      count++;
      Instant now = clock.instant();
      if (now.isBefore(logged.plus(INTERVAL))) {
        return 0;
      }
      long counted = count;
      logged = now;
      count = 0;
      return counted;
    }

    /** Counts an event, and logs the count and these values if a line is due. */
    void warn(String message, Object... values) {
      long counted = count();
      if (counted > 0) {
        LOG.warn(message, Stream.concat(Stream.of(counted), Stream.of(values)).toArray());
      }
    }
  }

  ProcessingMonitor(EventDomain domain, InstantSource clock) {
    this.domain = domain;
    this.clock = clock;
  }

  OutcomeCounters counters() {
    return counters;
  }

  void callEnded(Duration took) {
    counters.countCall(took);
  }

  void count(Counter counter) {
    counters.count(counter);
  }

  void retried(HandledEvent event, Throwable cause, RowState row) {
    counters.count(Counter.RETRIED);
    LOG.warn(
        "{} failed, {} of {} time(s), and is tried again: {}",
        event,
        row.retryCount(),
        row.maxRetries(),
        LastError.of(cause));
  }

  void failedForGood(HandledEvent event, Throwable cause, RowState row) {
    counters.count(Counter.FAILED);
    String message =
        "%s FAILED for good after %d failure(s), of which its row allows %d: %s:"
                .formatted(event, row.retryCount(), row.maxRetries(), LastError.of(cause))
            + " correct the cause, then redrive it, an observer's from its dead letter";
    try {
      LOG.error(message, cause);
    } catch (RuntimeException | Error e) {
      // Printing a handler's exception can fail. Processing continues.
      LOG.error(message);
    }
  }

  void overtaken(HandledEvent event, OutboxStatus status) {
    LOG.warn(
        "{} was handled, but another worker or statement had set its row to {} meanwhile: the row"
            + " stays as it is",
        event,
        status);
  }

  void unreachable(HandledEvent event) {
    if (unreachable.add(event.shard())) {
      LOG.error(
          "{} and all others of its shard wait: this worker has no data source for the shard: add"
              + " it to its ShardDataSources and restart the worker; nothing is lost, and other"
              + " shards continue",
          event);
    }
  }

  // Rate-limited: a data source with the wrong database would fill the disk.
  void rowGone(HandledEvent event) {
    rowsGone.warn(
        "{} event(s) since the last such line, such as {}, are skipped, since they have no row any"
            + " more: it was cleaned up or discarded, or the shard's data source leads to another"
            + " database",
        event);
  }

  void rowMissing(HandledEvent event, String why) {
    rowsMissing.warn(
        "{} time(s) since the last such line an event, such as {}, had no row, or one from before"
            + " it was redriven: {}: it waits until the data source leads to a server that has the"
            + " row",
        event,
        why);
  }

  void shardAway(ShardId shard) {
    LOG.warn(
        "shard '{}' does not answer: its events of domain {} are deferred until it does, and other"
            + " shards continue",
        shard,
        domain);
  }

  void shardBack(ShardId shard) {
    LOG.info("shard '{}' answers again: its events of domain {} continue", shard, domain);
  }

  void deferralFull(int deferred) {
    if (deferralFull.count() > 0) {
      LOG.warn(
          "no more events of domain {} are fetched while {} are deferred, as many as memory is"
              + " meant for: they wait for their next attempt, for a shard that is away, or behind"
              + " such events",
          domain,
          deferred);
    }
  }

  void stalled(Duration duration, Stream<InFlightEvent> buffered) {
    String waiting =
        buffered
            .collect(
                Collectors.groupingBy(
                    event -> "of shard '%s' wait %s".formatted(event.shard(), event.waits()),
                    TreeMap::new,
                    Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    LOG.warn(
        "no more events of domain {} are fetched: the buffer is full, and no event was finished for"
            + " {} s: {}",
        domain,
        duration.toSeconds(),
        waiting);
  }

  /** Logs an outcome that is not counted against its event. */
  void notCounted(HandledEvent event, Outcome outcome) {
    if (outcome instanceof Outcome.Unconfirmed unconfirmed) {
      LOG.warn(
          "it is not known whether the effects of {} were committed: {}: its row is read",
          event,
          LastError.of(unconfirmed.cause()));
    } else if (outcome instanceof Outcome.Inconclusive inconclusiveOne) {
      inconclusive(event, inconclusiveOne.cause());
    } else if (outcome instanceof Outcome.Doubtful doubtful) {
      inconclusive(event, doubtful.cause());
    }
  }

  private void inconclusive(HandledEvent event, Throwable cause) {
    if (cause instanceof VirtualMachineError) {
      LOG.error(
          "the virtual machine failed while {} was handled; that is not counted against the event,"
              + " which is tried again: give this process more memory",
          event,
          cause);
      return;
    }
    inconclusive.warn(
        "{} time(s) since the last such line an event, such as {}, could not be handled, which is"
            + " not counted against it: {}: it is tried again",
        event,
        LastError.of(cause));
  }

  void broke(HandledEvent event, Throwable cause) {
    LOG.error("processing {} failed unexpectedly; it is tried again", event, cause);
  }

  void letterRefused(HandledEvent event, Exception cause) {
    if (!lettersFail) {
      lettersFail = true;
      LOG.error(
          "the dead letter of {} cannot be sent: {}: until it can, this and other events that"
              + " failed for good wait; check that the topic of dead letters exists, takes records"
              + " of that size, and may be written to",
          event,
          LastError.of(cause));
    }
  }

  void letterSent() {
    if (lettersFail) {
      lettersFail = false;
      LOG.info("dead letters can be sent again");
    }
  }

  void timedOut(HandledEvent event) {
    LOG.warn(
        "the handler of {} has reached its timeout and is interrupted; until it ends, it holds its"
            + " aggregate and counts as one of the concurrent calls",
        event);
  }
}
