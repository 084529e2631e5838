package io.sluice.handlers.internal.work;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.retry.LastError;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.outbox.OutboxStatus;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What there is to say about single events. Success is silent. */
final class EventLog {

  private static final Logger LOG = LoggerFactory.getLogger(EventWorker.class);

  private EventLog() {}

  static void written(HandledEvent event, Outcome outcome, RowState row) {
    if (outcome instanceof Outcome.Failed failed) {
      failed(event, failed.cause(), row);
    } else if (row.status() != OutboxStatus.PUBLISHED) {
      LOG.warn(
          "{} was handled, but another worker had brought its row to {} meanwhile: the row stays",
          event,
          row.status());
    }
  }

  private static void failed(HandledEvent event, Throwable cause, RowState row) {
    switch (row.status()) {
      case FAILED -> failedForGood(event, cause, row);
      case RETRY, PENDING ->
          LOG.warn(
              "{} failed, {} of {} time(s), and is tried again: {}",
              event,
              row.retryCount(),
              row.maxRetries(),
              LastError.of(cause));
      case PUBLISHED -> LOG.warn("{} failed here, but another worker has published it", event);
    }
  }

  private static void failedForGood(HandledEvent event, Throwable cause, RowState row) {
    String message =
        "%s FAILED for good after %d failure(s), of which its row allows %d: %s:"
                .formatted(event, row.retryCount(), row.maxRetries(), LastError.of(cause))
            + " put the cause right, then redrive it";
    try {
      LOG.error(message, cause);
    } catch (RuntimeException | Error e) {
      // Other people's exceptions can fail to be printed; that must not hold up the partition.
      LOG.error(message);
    }
  }

  static void rowGone(HandledEvent event) {
    LOG.warn(
        "{} has no row any more: it was cleaned up, or the shard's data source leads to another"
            + " database; the event is passed over",
        event);
  }

  static void inconclusive(HandledEvent event, Outcome.Inconclusive outcome) {
    LOG.error(
        "the virtual machine failed while {} was handled; that is not counted against the event,"
            + " which is tried again: give this process more memory",
        event,
        outcome.cause());
  }

  static void contended(HandledEvent event, SQLException cause) {
    LOG.warn(
        "the row of {} is locked by somebody else: {} [error {}]: tried again until it is free",
        event,
        cause.getMessage(),
        cause.getErrorCode());
  }

  static void unforeseen(HandledEvent event, Progress progress, Throwable cause) {
    if (progress.refusals() == 0) {
      LOG.error("{} cannot be worked on; its partition waits and tries again", event, cause);
    }
  }
}
