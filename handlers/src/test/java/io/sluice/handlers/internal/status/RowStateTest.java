package io.sluice.handlers.internal.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowStateTest {

  private static RowState failedSoOften(int retryCount) {
    return new RowState(OutboxStatus.RETRY, retryCount, 3, 0, Instant.EPOCH, Optional.empty());
  }

  @Test
  void attemptsAreCountedFromOneWhateverIsOnTheRow() {
    assertEquals(1, failedSoOften(0).nextAttempt());
    assertEquals(3, failedSoOften(2).nextAttempt());
    assertEquals(Integer.MAX_VALUE, failedSoOften(Integer.MAX_VALUE).nextAttempt());
    assertEquals(1, failedSoOften(-7).nextAttempt());
  }
}
