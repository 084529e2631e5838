package io.sluice.relay.fault;

import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayProcess;
import io.sluice.relay.config.RelayConfig;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.SandboxServers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills relays, MySQL and Kafka at random times under load.
 *
 * <p>{@code -Dsluice.seed=N} repeats the order of a run's faults, but not their exact times.
 */
@Tag("fault")
@SandboxTest
class KillsIT {

  private static final int SHARDS = 2;
  private static final int ROWS_OF_LARGE = 20_000;
  private static final int RELAY_KILLS = 5; // of each of two
  private static final int MYSQL_KILLS = 6;
  private static final int KAFKA_KILLS = 4;

  /** Time between two faults, sometimes too short for a recovery. */
  private static final int LONGEST_PAUSE_MILLIS = 5_000;

  private static final Duration BOUND = Duration.ofMinutes(3);

  @Test
  void killsNeitherLoseNorDuplicateEvents(
      Sandbox leakWatch, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    long seed = Long.getLong("sluice.seed", new Random().nextLong(1_000_000));
    System.out.printf("seed %d%n", seed);
    Committed committed = new Committed();

    try (SandboxServers servers = SandboxServers.start()) {
      RelayFixture fixture = new RelayFixture(Sandbox.on(servers, "kills"), "kills", SHARDS);
      fixture.provision();
      try (TopicAudit audit = TopicAudit.open(fixture)) {
        try (Victims victims = new Victims(servers, fixture.config(), folder)) {
          try (Loads loads = Loads.on(fixture, SHARDS, committed)) {
            Owners.of(fixture, SHARDS).awaitSpreadOver(2);
            killAll(victims, loads, new Random(seed));
            victims.log("faults end, %d events committed".formatted(committed.count()));
          }
          audit.await(committed, BOUND);
          victims.log("all %d events relayed".formatted(committed.count()));
        }
        audit.assertHolds(committed);
      }
    }
  }

  private static void killAll(Victims victims, Loads loads, Random random) throws Exception {
    List<Victim> order = new ArrayList<>();
    order.addAll(Collections.nCopies(RELAY_KILLS, Victim.FIRST_RELAY));
    order.addAll(Collections.nCopies(RELAY_KILLS, Victim.SECOND_RELAY));
    order.addAll(Collections.nCopies(MYSQL_KILLS, Victim.MYSQL));
    order.addAll(Collections.nCopies(KAFKA_KILLS, Victim.KAFKA));
    Collections.shuffle(order, random);
    int kills = 0;
    for (Victim victim : order) {
      if (kills % 7 == 0) {
        loads.loads().get(random.nextInt(SHARDS)).commitLarge(ROWS_OF_LARGE);
      }
      kills++;
      // Faults come at random times, so there is no condition to wait for.
      LockSupport.parkNanos(Duration.ofMillis(random.nextInt(LONGEST_PAUSE_MILLIS)).toNanos());
      victims.log("%d. kill -9 %s".formatted(kills, victim));
      victims.kill(victim);
    }
  }

  private enum Victim {
    FIRST_RELAY,
    SECOND_RELAY,
    MYSQL,
    KAFKA
  }

  /** The processes that are killed and restarted. Used by one thread. */
  private static final class Victims implements AutoCloseable {

    private final SandboxServers servers;
    private final RelayConfig config;
    private final Path folder;
    private final Instant begin = Instant.now();
    private RelayProcess first;
    private RelayProcess second;

    Victims(SandboxServers servers, RelayConfig config, Path folder) throws IOException {
      this.servers = servers;
      this.config = config;
      this.folder = folder;
      this.first = start("first");
      this.second = start("second");
    }

    private RelayProcess start(String name) throws IOException {
      return RelayProcess.start(folder.resolve(name), config);
    }

    void kill(Victim victim) throws Exception {
      switch (victim) {
        case FIRST_RELAY -> {
          first.kill();
          first = start("first");
        }
        case SECOND_RELAY -> {
          second.kill();
          second = start("second");
        }
        case MYSQL -> {
          servers.mysql().kill();
          servers.mysql().restart();
        }
        case KAFKA -> {
          servers.kafka().kill();
          servers.kafka().restart();
        }
      }
    }

    void log(String what) {
      System.out.printf(
          "%6.1f s: %s%n", Duration.between(begin, Instant.now()).toMillis() / 1000.0, what);
    }

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }
}
