package io.sluice.handlers.internal;

import java.time.Duration;

/**
 * The periods of a runtime that are not configurable. Tests divide all of them by the same number,
 * so that they do not wait as long as production does.
 *
 * @param divisor the divisor of every period; 1 in production
 */
public record HandlerTimings(int divisor) {

  public static final HandlerTimings PRODUCTION = new HandlerTimings(1);

  public HandlerTimings {
    if (divisor < 1) {
      throw new IllegalArgumentException("divisor %d: it must be 1 or more".formatted(divisor));
    }
  }

  /** The longest time between two turns of a domain's thread: 1 s. */
  public Duration round() {
    return period(Duration.ofSeconds(1));
  }

  /** The age after which a row is read again before its handler is called: 5 s. */
  public Duration rowFreshness() {
    return period(Duration.ofSeconds(5));
  }

  /** The time without an answer after which a shard is away: 5 s. */
  public Duration shardAnswer() {
    return period(Duration.ofSeconds(5));
  }

  /**
   * The time after which a call on a shard that is away is cut, if other events are ready: 10 s.
   */
  public Duration hangingCall() {
    return period(Duration.ofSeconds(10));
  }

  /**
   * The time for which handlers may hold all connections of a pool before the server is suspected:
   * 1 min.
   */
  public Duration borrowedCall() {
    return period(Duration.ofMinutes(1));
  }

  /**
   * The time after which an outstanding event has the events behind it deferred. Also the wait
   * before an unsteady shard is probed: 5 s.
   */
  public Duration deferral() {
    return period(Duration.ofSeconds(5));
  }

  /** The time for handlers to finish the events of a revoked partition: 5 s. */
  public Duration handover() {
    return period(Duration.ofSeconds(5));
  }

  /** The backoff for a row that is locked or refuses a change: 5 ms to 1 s. */
  public Backoff lockedRow() {
    return new Backoff(Duration.ofMillis(5), period(Duration.ofSeconds(1)));
  }

  /** The backoff for a shard that is away: 100 ms to 10 s. */
  public Backoff awayShard() {
    return backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /** The backoff of an event after a failure that is not its own: 100 ms to 10 s. */
  public Backoff setback() {
    return backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /** The backoff for sending a dead letter: 1 s to 30 s. */
  public Backoff deadLetter() {
    return backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  /** The maximum time that the dead letter producer waits for brokers and topic: 5 s. */
  public Duration deadLetterBlock() {
    return period(Duration.ofSeconds(5));
  }

  /** The time for which an event waits for its missing row, if later rows are found: 1 min. */
  public Duration missingRow() {
    return period(Duration.ofMinutes(1));
  }

  /** The backoff for restarting a failed consumer: 500 ms to 10 s. */
  public Backoff consumerRestart() {
    return backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  }

  private Backoff backoff(Duration initial, Duration max) {
    return new Backoff(period(initial), period(max));
  }

  private Duration period(Duration inProduction) {
    return inProduction.dividedBy(divisor);
  }
}
