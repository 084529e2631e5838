package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.ConfigVariants;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayProcess;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Relays join and leave their group under load. */
@Tag("fault")
@SandboxTest
class SharingIT {

  private static final int SHARDS = 4;
  private static final Duration BOUND = Duration.ofMinutes(2);

  /**
   * A relay with an instance name keeps its shards only if it is back within the session timeout, 6
   * s.
   */
  private static final int ATTEMPTS = 5;

  /** Session timeout and take-over, with a reserve for a loaded machine. */
  private static final Duration LONGEST_FAILOVER = Duration.ofSeconds(30);

  @Test
  void shardsAreSharedByOneTwoThreeAndOneRelay(
      Sandbox sandbox, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "sharing", SHARDS);
    fixture.provision();
    Committed committed = new Committed();
    Owners owners = Owners.of(fixture, SHARDS);
    RelayConfig config = fixture.config();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Loads loads = Loads.on(fixture, SHARDS, committed);
          RelayProcess first = RelayProcess.start(folder.resolve("first"), config)) {
        owners.awaitSpreadOver(1);
        try (RelayProcess second = RelayProcess.start(folder.resolve("second"), config)) {
          owners.awaitSpreadOver(2);
          try (RelayProcess third = RelayProcess.start(folder.resolve("third"), config)) {
            owners.awaitSpreadOver(3);
            long killed = System.nanoTime();
            first.kill();
            awaitRelayed(loads, committed, audit);
            requireFailover("kill -9 of one of three", killed);
            owners.awaitSpreadOver(2);
            long terminated = System.nanoTime();
            assertEquals(143, second.terminate());
            awaitRelayed(loads, committed, audit);
            requireFailover("SIGTERM of one of two", terminated);
            owners.awaitSpreadOver(1);
            loads.end();
            audit.await(committed, BOUND);
            assertEquals(143, third.terminate());
          }
        }
      }
      audit.assertHolds(committed);
    }
  }

  /** Waits until an event of each shard has arrived that was committed after this call. */
  private static void awaitRelayed(Loads loads, Committed committed, TopicAudit audit) {
    loads.awaitProgress();
    audit.await(committed, BOUND);
  }

  private static void requireFailover(String what, long since) {
    Duration time = Duration.ofNanos(System.nanoTime() - since);
    System.out.printf("after %s all shards ran again within %s%n", what, time);
    assertTrue(time.compareTo(LONGEST_FAILOVER) < 0, time::toString);
  }

  @Test
  void aRollingRestartOfRelaysWithInstanceNamesMovesNoShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "rolling", SHARDS);
    fixture.provision();
    Committed committed = new Committed();
    Owners owners = Owners.of(fixture, SHARDS);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Loads loads = Loads.on(fixture, SHARDS, committed);
          NamedRelays relays = new NamedRelays(fixture.config(), List.of("a", "b"))) {
        Map<Integer, String> before;
        long takeovers;
        int attempt = 0;
        do {
          before = owners.awaitSpreadOver(2);
          long takeoversBefore = relays.takeovers();
          relays.restartOneByOne(
              () -> {
                awaitRelayed(loads, committed, audit);
                owners.awaitSpreadOver(2);
              });
          takeovers = relays.takeovers() - takeoversBefore;
          System.out.printf("a rolling restart took over %d times%n", takeovers);
        } while (takeovers != SHARDS && ++attempt < ATTEMPTS);
        assertEquals(SHARDS, takeovers);
        assertEquals(before, owners.awaitSpreadOver(2));
        loads.end();
        audit.await(committed, BOUND);
      }
      audit.assertHolds(committed);
    }
  }

  /**
   * Relays with instance names, in this JVM: a new process may need more than the session timeout
   * to start, if the machine is busy. Used by one thread.
   */
  private static final class NamedRelays implements AutoCloseable {

    private final RelayConfig config;
    private final List<String> names;
    private final List<Relay> relays = new ArrayList<>();
    private long takeoversOfClosed;

    NamedRelays(RelayConfig config, List<String> names) {
      this.config = config;
      this.names = names;
      names.forEach(name -> relays.add(start(name)));
    }

    private Relay start(String name) {
      Relay relay = RelayFixture.relay(ConfigVariants.named(config, name));
      relay.start();
      return relay;
    }

    void restartOneByOne(Runnable awaitRelayed) {
      for (int i = 0; i < names.size(); i++) {
        long begin = System.nanoTime();
        relays.get(i).close();
        takeoversOfClosed += takeovers(relays.get(i));
        relays.set(i, start(names.get(i)));
        awaitRelayed.run();
        System.out.printf(
            "restart of relay %s: all shards ran again within %s%n",
            names.get(i), Duration.ofNanos(System.nanoTime() - begin));
      }
    }

    /** The number of take-overs by all relays. */
    long takeovers() {
      return takeoversOfClosed + relays.stream().mapToLong(NamedRelays::takeovers).sum();
    }

    private static long takeovers(Relay relay) {
      return relay.statistics().all().values().stream()
          .mapToLong(statistics -> statistics.count(Counter.TAKEOVERS))
          .sum();
    }

    @Override
    public void close() {
      relays.forEach(Relay::close);
    }
  }
}
