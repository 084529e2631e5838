package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.ShardEditor;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.proxy.FaultProxy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Drains a shard that has unread transactions. */
@SandboxTest
class DrainIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId LAGGING = ShardId.of("s0");
  private static final ShardId QUICK = ShardId.of("s1");

  @Test
  void transactionsFromBeforeTheDrainAreRelayed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "drain", 2);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "drain", committed);

    try (TopicAudit audit = TopicAudit.open(fixture);
        FaultProxy slow = FaultProxy.to(sandbox.mysql().host(), sandbox.mysql().port());
        FaultProxy quick = FaultProxy.to(sandbox.mysql().host(), sandbox.mysql().port())) {
      RelayConfig config = ConfigVariants.through(fixture.config(), slow, quick);
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        events.commit(10);
        audit.await(committed, BOUND);
        slow.holdBeforeWriteRowsEvent(1);
        events.commit(10);
        slow.awaitTraffic(traffic -> traffic.held() == 1, BOUND);

        ShardEditor editor = new ShardEditor(new RelayWiring(config).group());
        editor.drain(LAGGING);
        // When the later drain is complete, the earlier one has been checked too.
        editor.drain(QUICK);
        awaitDrained(relay, QUICK);
        assertNotEquals(ShardState.DRAINED, relay.states().get(LAGGING));
        slow.release();

        audit.await(committed, BOUND);
        awaitDrained(relay, LAGGING);
      }
      audit.assertHolds(committed);
    }
  }

  private static void awaitDrained(Relay relay, ShardId shard) {
    Await.until(
        BOUND,
        () -> "shard %s drained, now %s".formatted(shard, relay.states()),
        () -> relay.states().get(shard) == ShardState.DRAINED);
  }
}
