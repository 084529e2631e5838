package io.sluice.handlers.internal.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.StatusUpdate;
import io.sluice.outbox.OutboxStatus;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RetryDeciderTest {

  private static final RowState ROW = new RowState(OutboxStatus.RETRY, 1, 3);
  private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(1));

  private final RetryDecider decider =
      new RetryDecider(
          BACKOFF,
          BACKOFF,
          Clock.fixed(Instant.parse("2026-01-02T03:04:05.123456789Z"), ZoneOffset.UTC));

  @Test
  void publishesASuccessAtThisMicrosecond() {
    assertEquals(
        new StatusUpdate.Published(ROW, Instant.parse("2026-01-02T03:04:05.123456Z")),
        decider.update(new Outcome.Succeeded(), ROW));
  }

  @Test
  void addsAFailureToWhatTheRowHas() {
    assertEquals(
        new StatusUpdate.Failure(
            ROW,
            "java.lang.ArithmeticException: by zero",
            false,
            Instant.parse("2026-01-02T03:04:05.123456Z")),
        decider.update(new Outcome.Failed(new ArithmeticException("by zero"), false), ROW));
  }
}
