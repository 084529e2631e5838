package io.sluice.handlers.internal.retry;

import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.StatusUpdate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** From an attempt's outcome to what its row should say, and when to try again. Thread-safe. */
public final class RetryDecider {

  private final Backoff handlerBackoff;
  private final Backoff databaseBackoff;
  private final Clock clock;

  public RetryDecider(Backoff handlerBackoff, Backoff databaseBackoff, Clock clock) {
    this.handlerBackoff = handlerBackoff;
    this.databaseBackoff = databaseBackoff;
    this.clock = clock;
  }

  /** What the row is to be told. */
  public StatusUpdate update(Outcome.Counted outcome, RowState before) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    return outcome instanceof Outcome.Failed failed
        ? new StatusUpdate.Failure(before, LastError.of(failed.cause()), failed.conclusive(), now)
        : new StatusUpdate.Published(before, now);
  }

  /** How long until the next attempt of an event that has failed this often. */
  public Duration untilNextAttempt(int failures) {
    return handlerBackoff.delay(failures);
  }

  /** How long until a statement that failed this often is tried again. */
  public Duration untilNextStatement(int failures) {
    return databaseBackoff.delay(failures);
  }
}
