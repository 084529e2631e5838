package io.sluice.handlers.internal;

import java.time.Duration;

/**
 * The periods that a runtime works by and that are no settings of its users. All of them keep their
 * proportions: tests divide them by a number, so that they do not wait as long as production does.
 *
 * @param divisor of every period; 1 in production
 */
public record HandlerTimings(int divisor) {

  public static final HandlerTimings PRODUCTION = new HandlerTimings(1);

  public HandlerTimings {
    if (divisor < 1) {
      throw new IllegalArgumentException("divisor %d: it must be 1 or more".formatted(divisor));
    }
  }

  /** Longest time between two rounds of a domain's thread: 1 s. */
  public Duration round() {
    return period(Duration.ofSeconds(1));
  }

  /** A row read longer ago is read again before its handler is called: 5 s. */
  public Duration rowFreshness() {
    return period(Duration.ofSeconds(5));
  }

  /** A shard that has not answered a request for so long counts as away: 5 s. */
  public Duration shardAnswer() {
    return period(Duration.ofSeconds(5));
  }

  /** A call on a shard that is away is broken off after so long, if others want its place: 10 s. */
  public Duration hangingCall() {
    return period(Duration.ofSeconds(10));
  }

  /**
   * An event that is outstanding for so long has those behind it deferred, and a shard that answers
   * and fails again at once is asked again after this time: 5 s.
   */
  public Duration deferral() {
    return period(Duration.ofSeconds(5));
  }

  /** What handlers get to finish the events of a partition that is revoked: 5 s. */
  public Duration handover() {
    return period(Duration.ofSeconds(5));
  }

  /** Between two attempts on a row that is locked or refuses its change: 5 ms to 1 s. */
  public Backoff lockedRow() {
    return new Backoff(Duration.ofMillis(5), period(Duration.ofSeconds(1)));
  }

  /** Between two attempts on a shard that is away: 100 ms to 10 s. */
  public Backoff awayShard() {
    return backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /**
   * Between two calls for an event that is not to blame for the failure of the first: like that.
   */
  public Backoff setback() {
    return backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
  }

  /** Between two attempts to send a dead letter: 1 s to 30 s. */
  public Backoff deadLetter() {
    return backoff(Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  /** What the producer of dead letters waits for brokers and topic: 5 s. */
  public Duration deadLetterBlock() {
    return period(Duration.ofSeconds(5));
  }

  /** Between a consumer's failure and its next attempt: 500 ms to 10 s. */
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
