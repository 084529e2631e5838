package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.retry.LastError;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a domain's flow has to tell. The ordinary course of an event is not told. */
final class FlowLog {

  private static final Logger LOG = LoggerFactory.getLogger(EventFlow.class);

  private final Set<ShardId> unreachable = new HashSet<>();
  private boolean lettersFail;
  private final Seldom rowsGone = new Seldom();
  private final Seldom rowsMissing = new Seldom();
  private final Seldom inconclusive = new Seldom();
  private final Seldom waitsPutOff = new Seldom();
  private final InstantSource clock;

  FlowLog(InstantSource clock) {
    this.clock = clock;
  }

  void unreachable(HandledEvent event) {
    if (unreachable.add(event.shard())) {
      LOG.error(
          "{} and all others of its shard wait: this worker has no data source for the shard: add it"
              + " to its ShardDataSources and start the worker again; nothing is lost, and other"
              + " shards go on",
          event);
    }
  }

  // Not a line for each: a data source that leads astray would fill the disk.
  void rowGone(HandledEvent event) {
    rowsGone
        .count(clock.instant())
        .ifPresent(
            count ->
                LOG.warn(
                    "{} event(s) since this was last told, such as {}, have no row any more: they"
                        + " were cleaned up or discarded, or the shard's data source leads to another"
                        + " database; they are passed over",
                    count,
                    event));
  }

  void rowMissing(HandledEvent event, String why) {
    rowsMissing
        .count(clock.instant())
        .ifPresent(
            count ->
                LOG.warn(
                    "{} time(s) since this was last told an event, such as {}, had no row, or"
                        + " one from before it was redriven, and the right one may come: {}: it waits"
                        + " until the data source leads to a server that has it",
                    count,
                    event,
                    why));
  }

  void standstill(EventDomain domain, Duration lasts, Stream<Task> buffered) {
    String waiting =
        buffered
            .collect(
                Collectors.groupingBy(
                    task ->
                        "of shard '%s' wait %s"
                            .formatted(task.event().shard(), task.stage().waits()),
                    TreeMap::new,
                    Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    LOG.warn(
        "no more events of domain {} are fetched: the buffer is full and none was finished for {} s:"
            + " {}",
        domain,
        lasts.toSeconds(),
        waiting);
  }

  void putOff(EventDomain domain, ShardId shard, int count) {
    LOG.warn(
        "shard '{}' does not answer and others need the room: {} of its events of domain {}, and all"
            + " that come, are left in Kafka and read again once it does",
        shard,
        count,
        domain);
  }

  void putOffWaiting(EventDomain domain, int count) {
    waitsPutOff
        .count(clock.instant())
        .ifPresent(
            times ->
                LOG.warn(
                    "events of domain {} that wait for a time, such as that of their next attempt,"
                        + " filled the buffer, {} time(s) since this was last told: those of {}"
                        + " aggregate(s) are left in Kafka until then, and others go on",
                    domain,
                    times,
                    count));
  }

  void takenBack(EventDomain domain, ShardId shard) {
    LOG.info("shard '{}' answers again: its events of domain {} are read again", shard, domain);
  }

  void overtaken(HandledEvent event, OutboxStatus status) {
    LOG.warn(
        "{} was handled, but others had brought its row to {} meanwhile: the row stays",
        event,
        status);
  }

  void retried(HandledEvent event, Throwable cause, RowState row) {
    LOG.warn(
        "{} failed, {} of {} time(s), and is tried again: {}",
        event,
        row.retryCount(),
        row.maxRetries(),
        LastError.of(cause));
  }

  void failedForGood(HandledEvent event, Throwable cause, RowState row) {
    String message =
        "%s FAILED for good after %d failure(s), of which its row allows %d: %s:"
                .formatted(event, row.retryCount(), row.maxRetries(), LastError.of(cause))
            + " put the cause right, then redrive it, an observer's from its dead letter";
    try {
      LOG.error(message, cause);
    } catch (RuntimeException | Error e) {
      // Other people's exceptions can fail to be printed; that must not hold up the flow.
      LOG.error(message);
    }
  }

  /** A call has told nothing about its event. */
  void setBack(HandledEvent event, Outcome outcome) {
    if (outcome instanceof Outcome.Unconfirmed unconfirmed) {
      LOG.warn(
          "whether the effects of {} were committed is not known: {}: its row is asked",
          event,
          LastError.of(unconfirmed.cause()));
    } else if (outcome instanceof Outcome.Inconclusive inconclusive) {
      inconclusive(event, inconclusive.cause());
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
    inconclusive
        .count(clock.instant())
        .ifPresent(
            count ->
                LOG.warn(
                    "{} time(s) since this was last told an event, such as {}, could not be handled,"
                        + " and that is not counted against it: {}: it is tried again",
                    count,
                    event,
                    LastError.of(cause)));
  }

  void broke(HandledEvent event, Throwable cause) {
    LOG.error("{} met with something unforeseen; it is tried again", event, cause);
  }

  void letterRefused(HandledEvent event, Exception cause) {
    if (!lettersFail) {
      lettersFail = true;
      LOG.error(
          "the dead letter of {} cannot be sent: {}: until it can, this and other events that failed"
              + " for good wait; see that the topic of dead letters exists, takes records of that"
              + " size, and may be written to",
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

  void slow(HandledEvent event) {
    LOG.warn(
        "the handler of {} has had its time and is told to end; until it does, it holds its aggregate"
            + " and one of the domain's places",
        event);
  }
}
