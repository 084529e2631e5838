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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
  // Rate-limited: a data source with the wrong database would fill the disk.
  private final RateLimitedLog rowsGone =
      new RateLimitedLog(
          false,
          "{} event(s) since the last such line, such as {}, are skipped, since they have no row any"
              + " more: they are old enough that it was cleaned up or discarded");
  private final RateLimitedLog rowsGivenUp =
      new RateLimitedLog(
          true,
          "{} event(s) since the last such line, such as {}, went to their dead-letter topic,"
              + " because their rows are missing: decide there whether they are to be handled; their"
              + " handlers may have run before the rows went missing");
  private final RateLimitedLog rowsLate =
      new RateLimitedLog(
          false,
          "{} time(s) since the last such line an event, such as {}, had no row, or one from before"
              + " it was redriven: {}: it waits until the data source leads to a server that has the"
              + " row");
  private final RateLimitedLog inconclusive =
      new RateLimitedLog(
          false,
          "{} time(s) since the last such line an event, such as {}, could not be handled, which is"
              + " not counted against it: {}: it is tried again");
  private final List<RateLimitedLog> rateLimited =
      List.of(rowsGone, rowsGivenUp, rowsLate, inconclusive);
  private final Map<ShardId, Instant> nextRowsMissing = new HashMap<>();
  private Instant nextDeferralFull = Instant.MIN;
  private boolean lettersFail;

  /** Counts events of a kind. Logs the count soon after the first one, and then once a minute. */
  private final class RateLimitedLog {

    /** What happens at the same time is counted in one line. */
    private static final Duration COLLECT = Duration.ofSeconds(1);

    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final boolean isError;
    private final String message;
    private Instant due = Instant.MIN;
    private long count;
    private Object[] values = {};

    /**
     * @param message a line with places for the count and for the values of the last event
     */
    RateLimitedLog(boolean isError, String message) {
      this.isError = isError;
      this.message = message;
    }

    void count(Object... last) {
      Instant soon = clock.instant().plus(COLLECT);
      if (count == 0 && due.isBefore(soon)) {
        due = soon;
      }
      count++;
      values = last;
    }

    void report() {
      if (count > 0 && !clock.instant().isBefore(due)) {
        reportNow();
      }
    }

    void reportNow() {
      if (count > 0) {
        Object[] all = Stream.concat(Stream.of(count), Stream.of(values)).toArray();
        if (isError) {
          LOG.error(message, all);
        } else {
          LOG.warn(message, all);
        }
        count = 0;
        due = clock.instant().plus(INTERVAL);
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
            + " correct the cause, then redrive the event (an observer's is only in its dead letter)";
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

  /** Logs counts whose line is due. */
  void report() {
    rateLimited.forEach(RateLimitedLog::report);
  }

  /** Logs all counts, at the end. */
  void reportAll() {
    rateLimited.forEach(RateLimitedLog::reportNow);
  }

  /** An event has no row, and is old enough that it was cleaned up. */
  void rowGone(HandledEvent event) {
    rowsGone.count(event);
  }

  /** An event has no row, and its server may not have it yet. */
  void rowLate(HandledEvent event, String why) {
    rowsLate.count(event, why);
  }

  /** An event without a row went to the dead-letter topic. */
  void rowGivenUp(HandledEvent event) {
    counters.count(Counter.MISSING);
    rowsGivenUp.count(event);
  }

  /**
   * Events wait whose row is missing and was not cleaned up.
   *
   * @param event one of them
   * @param isSourceRight whether the row of an event later than that one was found since
   */
  void rowsMissing(ShardId shard, int waiting, HandledEvent event, boolean isSourceRight) {
    Instant now = clock.instant();
    if (now.isBefore(nextRowsMissing.getOrDefault(shard, Instant.MIN))) {
      return;
    }
    nextRowsMissing.put(shard, now.plus(RateLimitedLog.INTERVAL));
    LOG.error(
        "{} event(s) of shard '{}' and domain {}, such as {}, and those behind them wait: they have"
            + " no row, and cleanup does not explain it. Either the shard's data source"
            + " leads to another database, perhaps that of another shard, or its table was replaced"
            + " or restored, or the rows were deleted by hand. Correct the data source, or bring the"
            + " rows back. {}",
        waiting,
        shard,
        domain,
        event,
        isSourceRight
            ? "Rows of events later than this one are found, so it soon goes to its dead-letter"
                + " topic"
            : "No row of an event later than this one was found since, so it keeps waiting");
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
    Instant now = clock.instant();
    if (!now.isBefore(nextDeferralFull)) {
      nextDeferralFull = now.plus(RateLimitedLog.INTERVAL);
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
    inconclusive.count(event, LastError.of(cause));
  }

  void broke(HandledEvent event, Throwable cause) {
    LOG.error("processing {} failed unexpectedly; it is tried again", event, cause);
  }

  void letterRefused(HandledEvent event, String topic, Exception cause) {
    if (!lettersFail) {
      lettersFail = true;
      LOG.error(
          "the dead letter of {} cannot be sent to topic {}: {}: until it can, this and other events"
              + " that failed for good wait, and their rows stay as they are; check that the topic"
              + " exists, takes records of that size, and may be written to",
          event,
          topic,
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
