package io.sluice.relay.assign;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PulseTest {

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final Pulse pulse = new Pulse(clock::get);

  @Test
  void knowledgeAgesUnlessTheThreadLives() {
    pass(Pulse.LIMIT);
    assertTrue(pulse.isFresh());
    pulse.beat();
    pass(Pulse.LIMIT);
    assertTrue(pulse.isFresh());
    pass(Duration.ofMillis(1));
    assertFalse(pulse.isFresh());
  }

  @Test
  void afterTooLongASilenceOnlyKafkaCanRestoreIt() {
    pass(Pulse.LIMIT.plusMillis(1));
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
    pass(Pulse.LIMIT.plusMillis(1));
    pulse.confirm();
    assertFalse(pulse.isFresh());
    pulse.beat();
    assertFalse(pulse.isFresh());
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
