package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1);
  private final Lease lease = new Lease(clock::get);

  @Test
  void expiresUnlessRenewed() {
    pass(Lease.DURATION);
    assertTrue(lease.isValid());
    lease.renew();
    pass(Lease.DURATION);
    assertTrue(lease.isValid());
    pass(Duration.ofMillis(1));
    assertFalse(lease.isValid());
  }

  @Test
  void afterAnExpiryOnlyAConfirmationMakesItValid() {
    pass(Lease.DURATION.plusMillis(1));
    lease.renew();
    assertTrue(lease.isSuspended());
    assertFalse(lease.isValid());
    lease.renew();
    assertFalse(lease.isValid());
    lease.confirm();
    assertTrue(lease.isValid());
  }

  @Test
  void aConfirmationBeforeTheExpiryIsNoticedDoesNotCount() {
    pass(Lease.DURATION.plusMillis(1));
    lease.confirm();
    assertFalse(lease.isValid());
    lease.renew();
    assertFalse(lease.isValid());
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }
}
