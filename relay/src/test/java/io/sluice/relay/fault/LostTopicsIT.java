package io.sluice.relay.fault;

import static io.sluice.relay.fault.HealingCase.BOUND;
import static io.sluice.relay.fault.HealingCase.SHARD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.heal.HealingSettings.Approval;
import io.sluice.relay.stats.ShardStatistics.Counter;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import org.junit.jupiter.api.Test;

/** What the relays remember in Kafka, and somebody deleted. */
@SandboxTest
class LostTopicsIT {

  @Test
  void aPositionThatIsGoneIsReplaced(Sandbox sandbox) throws Exception {
    try (HealingCase lost = HealingCase.on(sandbox, "gone")) {
      lost.relayAndStop();
      lost.commit(20);
      lost.deletePosition();
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        lost.assertReplayed(20);
        lost.goOn();
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      lost.assertHolds();
    }
  }

  @Test
  void anApprovalIsGoodForOneLoss(Sandbox sandbox) throws Exception {
    try (HealingCase lost = HealingCase.on(sandbox, "once")) {
      lost.relayAndStop();
      for (int time = 0; time < 2; time++) {
        lost.deletePosition();
        try (Relay relay = lost.start(Approval.OPERATOR)) {
          HealingCase.awaitStopped(relay);
          lost.approve();
          lost.goOn();
        }
      }
      lost.assertHolds();
    }
  }

  @Test
  void aTopicOfPositionsThatIsGoneIsReplacedForAllShards(Sandbox sandbox) throws Exception {
    int shards = 3;
    RelayFixture fixture = new RelayFixture(sandbox, "positions", shards);
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      commitToAll(fixture, "before", committed);
      HealingCase.deleteTopic(fixture, fixture.config().identity().topics().positions());
      HealingCase.deleteTopic(fixture, fixture.config().identity().topics().repairs());
      try (Relay relay = Relay.of(HealingCase.config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        commitToAll(fixture, "after", committed);
        audit.await(committed, BOUND);
        assertEquals(shards, relay.states().size());
      }
      audit.assertHolds(committed);
    }
  }

  private static void commitToAll(RelayFixture fixture, String name, Committed committed)
      throws Exception {
    for (int shard = 0; shard < fixture.config().shards().size(); shard++) {
      new NumberedEvents(fixture, shard, name + "-" + shard, committed).commit(10);
    }
  }

  @Test
  void aSchemaHistoryThatIsGoneIsReplaced(Sandbox sandbox) throws Exception {
    try (HealingCase lost = HealingCase.on(sandbox, "history")) {
      lost.relayAndStop();
      lost.commit(20);
      lost.deleteTopic(lost.position().orElseThrow().position().history());
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        lost.assertReplayed(20);
        lost.goOn();
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      lost.assertHolds();
    }
  }

  @Test
  void aRegistryThatIsGoneIsRestoredAndItsShardsGoOn(Sandbox sandbox) throws Exception {
    try (HealingCase lost = HealingCase.on(sandbox, "registry")) {
      lost.relayAndStop();
      lost.commit(20);
      lost.deleteTopic(lost.topics().shards());
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        lost.assertReplayed(0);
        lost.goOn();
        assertEquals(0, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      lost.assertHolds();
    }
  }
}
