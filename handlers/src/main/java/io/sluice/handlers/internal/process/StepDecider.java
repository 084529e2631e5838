package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.status.RowState;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides, by its row, what is next for the first event of an aggregate. Changes nothing. Owned by
 * the domain's thread.
 */
final class StepDecider {

  /** What is next for the first event of an aggregate. */
  enum Step {
    /** Its row is not known, or was read too long ago. */
    READ_ROW,
    /** Its row is missing or older than its record: whether that is certain has to be asked. */
    CONFIRM_ROW,
    /** It is finished already, its row is gone, or it was redriven since. */
    SKIP,
    /** Which events of its shard have failed has to be asked. */
    ASK_FOR_FAILED,
    /** It is to be parked behind a failed event. */
    PARK,
    /** Its shard is away. */
    AWAIT_SHARD,
    /** The time of its next attempt has not come. */
    AWAIT_RETRY_TIME,
    /** Its row was not there when it was read with its payload, and is now. */
    AWAIT_ROW,
    /** Its handler may be called. */
    CALL
  }

  private final Attempts attempts;
  private final Parking parking;
  private final AwayShards away;
  private final EventLoop loop;
  private final Duration freshness;

  /**
   * @param freshness a row that was read longer ago is read again before its event is handled
   */
  StepDecider(
      Attempts attempts, Parking parking, AwayShards away, EventLoop loop, Duration freshness) {
    this.attempts = attempts;
    this.parking = parking;
    this.away = away;
    this.loop = loop;
    this.freshness = freshness;
  }

  Step next(InFlightEvent head) {
    if (away.has(head.shard())) {
      return Step.AWAIT_SHARD;
    }
    if (!isFresh(head)) {
      return Step.READ_ROW;
    }
    if (head.isDoubtful()) {
      return Step.CONFIRM_ROW;
    }
    Optional<RowState> row = head.lastRow();
    if (row.isEmpty() || row.get().status().isFinal() || row.get().redrives() > head.redrives()) {
      return Step.SKIP;
    }
    return nextOfUnfinished(head);
  }

  private Step nextOfUnfinished(InFlightEvent head) {
    if (parking.isUnknown(head.shard())) {
      return Step.ASK_FOR_FAILED;
    }
    if (parking.failedBefore(head.aggregate(), head.id()).isPresent()) {
      return Step.PARK;
    }
    Duration wait = untilAttempt(head);
    if (!wait.isNegative() && !wait.isZero()) {
      return Step.AWAIT_RETRY_TIME;
    }
    return head.isLoaded() ? Step.CALL : Step.AWAIT_ROW;
  }

  /** Whether the row of an event was read a moment ago. */
  boolean isFresh(InFlightEvent event) {
    return event.isReadSince(loop.now().minus(freshness));
  }

  /** How long it is until the next attempt of an event whose row is known. */
  Duration untilAttempt(InFlightEvent event) {
    RowState row = event.row();
    if (row.retryCount() == 0 || event.hasWaitedFor(row.retryCount())) {
      return Duration.ZERO;
    }
    Duration wait = Backoff.of(attempts.policy(event)).delay(row.retryCount(), event.id());
    Duration age = Duration.between(row.updatedAt(), Instant.now());
    // The row's time may be from a clock that is ahead: it never makes a wait longer.
    return age.isNegative() ? wait : wait.minus(age);
  }
}
