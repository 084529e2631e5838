package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TestTimings;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.proxy.Cut;
import io.sluice.sandbox.proxy.FaultProxy;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Network failures between relay and MySQL. */
@SandboxTest
class ConnectionCutIT {

  private static final int ROWS = 1_500;

  /** Fewer than the first part of a transaction that is passed on. */
  private static final int PUBLISHED = 300;

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId FIRST = ShardId.of("s0");

  @Test
  void aConnectionCutInsideATransactionNeitherLosesNorDuplicatesEvents(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "cut", 2);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents closed = new NumberedEvents(fixture, 0, "closed", committed);
    NumberedEvents reset = new NumberedEvents(fixture, 1, "reset", committed);

    try (FaultProxy closing = proxy(sandbox);
        FaultProxy resetting = proxy(sandbox);
        TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = relay(ConfigVariants.through(fixture.config(), closing, resetting))) {
        relay.start();
        int cuts = 0;
        for (int row : new int[] {1, ROWS / 2, ROWS}) {
          closing.cutAfterWriteRowsEvents(row, Cut.CLOSE);
          resetting.cutAfterWriteRowsEvents(row, Cut.RESET);
          closed.commitOneByOne(ROWS);
          reset.commitOneByOne(ROWS);
          int expected = ++cuts;
          closing.awaitTraffic(traffic -> traffic.cuts() >= expected, BOUND);
          resetting.awaitTraffic(traffic -> traffic.cuts() >= expected, BOUND);
          audit.await(committed, BOUND);
        }
        awaitDumps(fixture, 0, 1);
        awaitDumps(fixture, 1, 1);
      }
      awaitDumps(fixture, 0, 0);
      awaitDumps(fixture, 1, 0);
      audit.assertHolds(committed);
    }
  }

  /**
   * Connections that hang are closed only after timeouts. On a MySQL without other test classes,
   * because the proxy counts all rows of the binlog.
   */
  @Tag("fault")
  @Test
  void aSilentConnectionIsDetectedAndReplaced(Sandbox shared) throws Exception {
    try (MySqlServer mysql = MySqlServer.start()) {
      detectAndReplaceASilentConnection(
          Sandbox.on(new SandboxServers(mysql, shared.kafka()), "silent"));
    }
  }

  private static void detectAndReplaceASilentConnection(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "silent", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "silent", committed);

    try (FaultProxy proxy = proxy(sandbox);
        TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = relay(ConfigVariants.through(fixture.config(), proxy))) {
        relay.start();
        proxy.holdBeforeWriteRowsEvent(ROWS / 2);
        events.commitOneByOne(ROWS);
        audit.awaitAny(PUBLISHED, BOUND);
        proxy.freeze();
        proxy.release();
        awaitState(relay, ShardState.WAITING);
        proxy.thaw();

        audit.await(committed, BOUND);
        awaitDumps(fixture, 0, 1);
        assertEquals(0, relay.leakedThreads());
      }
      awaitDumps(fixture, 0, 0);
      audit.assertHolds(committed);
    }
  }

  @Test
  void aServerThatRefusesConnectionsIsRetried(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "refused", 1);
    fixture.provision();
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "refused", committed);

    try (FaultProxy proxy = proxy(sandbox);
        TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = relay(ConfigVariants.through(fixture.config(), proxy))) {
        relay.start();
        events.commit(10);
        audit.await(committed, BOUND);
        proxy.refuse();
        proxy.cutAll(Cut.RESET);
        events.commit(10);
        Await.until(BOUND, "the third failure", () -> failures(relay) >= 3);
        assertEquals(10, audit.seen());
        proxy.accept();

        audit.await(committed, BOUND);
        awaitState(relay, ShardState.RUNNING);
        awaitDumps(fixture, 0, 1);
      }
      audit.assertHolds(committed);
    }
  }

  private static Relay relay(RelayConfig config) {
    return RelayFixture.relay(config, TestTimings.OF_BROKEN_CONNECTIONS);
  }

  private static FaultProxy proxy(Sandbox sandbox) {
    return FaultProxy.to(sandbox.mysql().host(), sandbox.mysql().port());
  }

  private static long failures(Relay relay) {
    return relay.statistics().of(FIRST).count(Counter.TRANSIENT_FAILURES);
  }

  private static void awaitState(Relay relay, ShardState state) {
    Await.until(BOUND, "state " + state, () -> relay.states().get(FIRST) == state);
  }

  private static void awaitDumps(RelayFixture fixture, int shard, int count) {
    Await.until(
        BOUND,
        count + " binary log streams of shard " + shard,
        () -> Dumps.of(fixture.sandbox().mysql(), fixture.source(shard)) == count);
  }
}
