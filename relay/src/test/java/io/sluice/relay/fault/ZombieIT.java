package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayProcess;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A relay that is frozen for longer than its lease and then continues. */
@Tag("fault")
@SandboxTest
class ZombieIT {

  private static final int SHARDS = 2;
  private static final int ROWS_OF_LARGE = 8_000;
  private static final Duration BOUND = Duration.ofMinutes(2);

  @Test
  void aThawedRelayDoesNoHarmAndStaysInTheGroup(
      Sandbox sandbox, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "zombie", SHARDS);
    fixture.provision();
    Committed committed = new Committed();
    Owners owners = Owners.of(fixture, SHARDS);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (RelayProcess first = RelayProcess.start(folder.resolve("first"), fixture.config());
          RelayProcess second = RelayProcess.start(folder.resolve("second"), fixture.config())) {
        owners.awaitSpreadOver(2);
        try (SteadyLoad one = SteadyLoad.on(fixture, 0, committed);
            SteadyLoad other = SteadyLoad.on(fixture, 1, committed)) {
          for (RelayProcess zombie : List.of(first, second)) {
            one.commitLarge(ROWS_OF_LARGE);
            other.commitLarge(ROWS_OF_LARGE);
            // Both are inside their large transactions.
            audit.awaitAny(audit.seen() + ROWS_OF_LARGE / 2, BOUND);
            zombie.freeze();
            owners.awaitSpreadOver(1);
            audit.await(committed, BOUND);
            zombie.thaw();
            owners.awaitSpreadOver(2);
          }
        }
        audit.await(committed, BOUND);
        assertEquals(143, first.terminate());
        assertEquals(143, second.terminate());
      }
      audit.assertHolds(committed);
    }
  }
}
