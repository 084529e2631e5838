package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final Lease pulse = new Lease(clock::get);

  @Test
  void knowledgeAgesUnlessTheThreadLives() {
    pass(Lease.LIMIT);
    assertTrue(pulse.isFresh());
    pulse.beat();
    pass(Lease.LIMIT);
    assertTrue(pulse.isFresh());
    pass(Duration.ofMillis(1));
    assertFalse(pulse.isFresh());
  }

  @Test
  void afterTooLongASilenceOnlyKafkaCanRestoreIt() {
    pass(Lease.LIMIT.plusMillis(1));
    pulse.beat();
    assertTrue(pulse.isDoubtful());
    assertFalse(pulse.isFresh());
    pulse.beat();
    assertFalse(pulse.isFresh());
    pulse.confirm();
    assertTrue(pulse.isFresh());
  }

  @Test
  void aConfirmationFromBeforeTheSilenceDoesNotCount() {
    pass(Lease.LIMIT.plusMillis(1));
    pulse.confirm();
    assertFalse(pulse.isFresh());
    pulse.beat();
    assertFalse(pulse.isFresh());
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
