package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.RelayProcess;
import io.sluice.relay.TopicReader;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small heap suffices for any backlog, any transaction and any row. */
@Tag("fault")
@SandboxTest
class MemoryIT {

  private static final int SMALL_ROWS = 200_000;
  private static final int LARGE_ROWS = 120;

  /** Inserts rows with ascending ids in one transaction. */
  private static final String INSERT =
      """
      INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
        event_data, created_at, updated_at)
      SELECT CONCAT('%s-', LPAD(n, 9, '0')), 'CHAT', 't', 'room', n %% 7, %s,
        UTC_TIMESTAMP(6), UTC_TIMESTAMP(6)
      FROM (WITH RECURSIVE counter (n) AS
        (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < %d) SELECT n FROM counter) c\
      """;

  @Test
  void aLargeTransactionAndManyLargeRowsFitInASmallHeap(Sandbox sandbox, @TempDir Path folder)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "memory", 1);
    fixture.provision();
    fixture
        .database(0)
        .run(
            "SET SESSION cte_max_recursion_depth = 10000000;"
                + INSERT.formatted("small", "'{\"some\":\"payload\"}'", SMALL_ROWS)
                + ";"
                + INSERT.formatted("large", "REPEAT('x', 1000000)", LARGE_ROWS));

    try (RelayProcess relay = RelayProcess.start(folder, fixture.config(), "-Xmx128m");
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      long events = SMALL_ROWS + LARGE_ROWS;

      assertEquals(events, topic.countDistinctIds(events));
      assertEquals(143, relay.terminate());
    }
  }
}
