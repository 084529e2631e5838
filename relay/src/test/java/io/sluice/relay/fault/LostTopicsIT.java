package io.sluice.relay.fault;

import static io.sluice.relay.fault.LostPositionCase.BOUND;
import static io.sluice.relay.fault.LostPositionCase.SHARD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Deletes the relay's internal topics and their records. */
@Tag("fault")
@SandboxTest
class LostTopicsIT {

  /** A loss of data in the internal topics. */
  private interface Loss {
    void in(LostPositionCase lost) throws Exception;
  }

  /** Commits events before a loss that the relay detects at its start. */
  private static void losesNothing(
      Sandbox sandbox, String name, Loss loss, int replayed, int healings) throws Exception {
    try (LostPositionCase lost = LostPositionCase.on(sandbox, name)) {
      lost.relayAndStop();
      lost.commit(20);
      loss.in(lost);
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        lost.assertReplayed(replayed);
        lost.relayAgain();
        assertEquals(healings, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      lost.assertHolds();
    }
  }

  @Test
  void aDeletedPositionIsReplaced(Sandbox sandbox) throws Exception {
    losesNothing(sandbox, "gone", LostPositionCase::deletePosition, 20, 1);
  }

  @Test
  void anApprovalCoversOneLostPosition(Sandbox sandbox) throws Exception {
    try (LostPositionCase lost = LostPositionCase.on(sandbox, "once")) {
      for (int time = 0; time < 2; time++) {
        lost.deletePosition();
        try (Relay relay = lost.start(Approval.OPERATOR)) {
          LostPositionCase.awaitStopped(relay);
          lost.approve();
          lost.relayAgain();
        }
      }
      lost.assertHolds();
    }
  }

  @Test
  void aDeletedTopicOfPositionsIsReplacedForAllShards(Sandbox sandbox) throws Exception {
    int shards = 3;
    RelayFixture fixture = new RelayFixture(sandbox, "positions", shards);
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      commitToAll(fixture, "before", committed);
      LostPositionCase.deleteTopic(fixture, fixture.config().identity().topics().positions());
      LostPositionCase.deleteTopic(fixture, fixture.config().identity().topics().repairs());
      try (Relay relay = RelayFixture.relay(LostPositionCase.config(fixture, Approval.AUTOMATIC))) {
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
  void aDeletedSchemaHistoryIsReplaced(Sandbox sandbox) throws Exception {
    losesNothing(
        sandbox,
        "history",
        lost -> lost.deleteTopic(lost.position().orElseThrow().position().history()),
        20,
        1);
  }

  @Test
  void aDeletedRegistryIsRestoredAndItsShardsContinue(Sandbox sandbox) throws Exception {
    losesNothing(sandbox, "registry", lost -> lost.deleteTopic(lost.topics().shards()), 0, 0);
  }
}
